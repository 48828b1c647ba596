// AWS on your machine: DynamoDB Local, S3 and KMS that check the signature of every request, and the gateway before the function.
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { dynamodbDatabase } from '@kivyx-ota/database-dynamodb';
import type { ChannelScope, IndexRelease } from '@kivyx-ota/manifest';
import { announceRelease, createPublisher, type ReleaseInput } from '@kivyx-ota/publisher';
import { startFakeKms } from '@kivyx-ota/runtime-tests/fake-kms';
import { startFakeS3 } from '@kivyx-ota/runtime-tests/fake-s3';
import { createApiKey } from '@kivyx-ota/server';
import { awsKmsSigner } from '@kivyx-ota/signer-aws-kms';
import { s3Storage } from '@kivyx-ota/storage-s3';
import { randomBytes } from 'node:crypto';
import { startDynamodbLocal } from '../../../packages/database-dynamodb/test/dynamodb-local.ts';
import { createControlPlane, lambdaHandler } from './create-handler.ts';
import { type GatewayEvent, type GatewayResult, startLocalGateway } from './local-gateway.ts';

const ACCOUNT = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'a secret of this machine' } as const;
const BUCKET = 'acme-ota';
export const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;

/** A running one. */
export interface LocalCloud {
  readonly url: string;
  /** What the app carries: the release key, and the index key that KMS holds. */
  readonly publicKeyPems: readonly string[];
  readonly apiKey: string;
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  call(event: GatewayEvent): Promise<GatewayResult>;
  /** Uploads a release to S3 and names it to the function. */
  publish(input: ReleaseInput): Promise<IndexRelease>;
  close(): Promise<void>;
}

/** Starts all of it; undefined where there is no Java for DynamoDB Local. */
export async function startLocalCloud({ port }: { readonly port?: number } = {}): Promise<
  LocalCloud | undefined
> {
  const dynamo = await startDynamodbLocal();
  if (dynamo === undefined) return undefined;
  const [s3, kms] = await Promise.all([startFakeS3({ ...ACCOUNT, bucket: BUCKET }), startFakeKms(ACCOUNT)]);
  const region = 'eu-central-1';
  const s3Client = new S3Client({ credentials: ACCOUNT, endpoint: s3.url, forcePathStyle: true, region });
  const kmsClient = new KMSClient({ credentials: ACCOUNT, endpoint: kms.url, region });
  const indexKeyId = kms.createKey();
  const indexKey = (await awsKmsSigner({ client: kmsClient, keyId: indexKeyId })).exportPublicKey().pem;
  const releasePair = generateKeyPair();
  const { client: documents } = dynamo.connect();
  const tableName = await dynamo.createTable();
  const server = await createControlPlane(
    {
      bucket: BUCKET,
      deviceSecret: new Uint8Array(randomBytes(32)),
      indexKeyId,
      indexPublicKeyPem: indexKey,
      project: SCOPE.project,
      releaseKeyPems: [releasePair.publicKeyPem],
      tableName,
    },
    { documents, kms: kmsClient, s3: s3Client },
  );
  const handler = lambdaHandler(server);
  const call = async (event: GatewayEvent): Promise<GatewayResult> =>
    (await handler(event as never)) as GatewayResult;
  const gateway = await startLocalGateway(call, port === undefined ? {} : { port });
  const { key: apiKey } = await createApiKey(
    dynamodbDatabase({ client: documents, clock: { nowMs: Date.now }, tableName }),
    { label: 'ci', scopes: ['read', 'rollout', 'publish'] },
    { actor: 'local', nowMs: Date.now() },
  );
  const signer = createLocalSigner(releasePair.privateKeyPem);
  const uploads: ChannelScope = { ...SCOPE, channel: 'uploads' };
  const publisher = createPublisher({
    clock: { nowMs: Date.now },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    scope: uploads,
    signers: { index: signer, release: signer },
    storage: s3Storage({ bucket: BUCKET, client: s3Client }),
    trust: { keys: [releasePair.publicKeyPem] },
  });
  return {
    apiKey,
    call,
    close: async () => {
      s3Client.destroy();
      kmsClient.destroy();
      await Promise.all([gateway.close(), s3.close(), kms.close(), dynamo.stop()]);
    },
    documents,
    publicKeyPems: [releasePair.publicKeyPem, indexKey],
    publish: async (input) => {
      const { release } = await publisher.publish(input);
      await announceRelease(release, { apiKey, baseUrl: gateway.url, scope: SCOPE });
      return release;
    },
    tableName,
    url: gateway.url,
  };
}
