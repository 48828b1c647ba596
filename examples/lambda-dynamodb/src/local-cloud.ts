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
import { readGuardrail } from './settings.ts';
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
  readonly dynamodbUrl: string;
  /** What the function has asked of its services, as IAM calls it: `dynamodb:Query`. */
  readonly actions: ReadonlySet<string>;
  call(event: GatewayEvent): Promise<GatewayResult>;
  /** Another container of the same function. */
  startContainer(epoch?: number): Promise<(event: GatewayEvent) => Promise<GatewayResult>>;
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
  const s3Of = () => new S3Client({ credentials: ACCOUNT, endpoint: s3.url, forcePathStyle: true, region });
  // The function's, and that of CI: they are different roles.
  const [s3Client, ciClient] = [s3Of(), s3Of()];
  const kmsClient = new KMSClient({ credentials: ACCOUNT, endpoint: kms.url, region });
  const indexKeyId = kms.createKey();
  const indexKey = (await awsKmsSigner({ client: kmsClient, keyId: indexKeyId })).exportPublicKey().pem;
  const releasePair = generateKeyPair();
  const { client: documents } = dynamo.connect();
  const { client: functionDocuments } = dynamo.connect();
  const actions = new Set<string>();
  for (const client of [functionDocuments, s3Client, kmsClient]) recordActions(client, actions);
  const tableName = await dynamo.createTable();
  const deviceSecret = new Uint8Array(randomBytes(32));
  const startContainer = async (epoch = 0): Promise<(event: GatewayEvent) => Promise<GatewayResult>> => {
    const server = await createControlPlane(
      {
        bucket: BUCKET,
        deviceSecret,
        epoch,
        indexKeyId,
        indexPublicKeyPem: indexKey,
        project: SCOPE.project,
        releaseKeyPems: [releasePair.publicKeyPem],
        tableName,
        ...readGuardrail(process.env),
      },
      { documents: functionDocuments, kms: kmsClient, s3: s3Client },
    );
    const handler = lambdaHandler(server);
    return async (event) => (await handler(event as never)) as GatewayResult;
  };
  const call = await startContainer();
  const gateway = await startLocalGateway(call, port === undefined ? {} : { port });
  const { key: apiKey } = await createApiKey(
    dynamodbDatabase({ client: documents, clock: { nowMs: Date.now }, tableName }),
    { label: 'ci', scopes: ['read', 'rollout', 'publish', 'keys'] },
    { actor: 'local', nowMs: Date.now() },
  );
  const signer = createLocalSigner(releasePair.privateKeyPem);
  const uploads: ChannelScope = { ...SCOPE, channel: 'uploads' };
  const publisher = createPublisher({
    clock: { nowMs: Date.now },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    scope: uploads,
    signers: { index: signer, release: signer },
    storage: s3Storage({ bucket: BUCKET, client: ciClient }),
    trust: { keys: [releasePair.publicKeyPem] },
  });
  return {
    actions,
    apiKey,
    call,
    close: async () => {
      s3Client.destroy();
      ciClient.destroy();
      kmsClient.destroy();
      await Promise.all([gateway.close(), s3.close(), kms.close(), dynamo.stop()]);
    },
    documents,
    dynamodbUrl: dynamo.url,
    publicKeyPems: [releasePair.publicKeyPem, indexKey],
    publish: async (input) => {
      const { release } = await publisher.publish(input);
      await announceRelease(release, { apiKey, baseUrl: gateway.url, scope: SCOPE });
      return release;
    },
    startContainer,
    tableName,
    url: gateway.url,
  };
}

/** The permissions that a call needs, where they are not named as the call is. */
const ACTIONS: Readonly<Record<string, string>> = {
  'dynamodb:BatchGet': 'dynamodb:BatchGetItem',
  'dynamodb:BatchWrite': 'dynamodb:BatchWriteItem',
  'dynamodb:Delete': 'dynamodb:DeleteItem',
  'dynamodb:Get': 'dynamodb:GetItem',
  'dynamodb:Put': 'dynamodb:PutItem',
  'dynamodb:TransactGet': 'dynamodb:GetItem',
  'dynamodb:Update': 'dynamodb:UpdateItem',
  's3:HeadObject': 's3:GetObject',
  's3:ListObjectsV2': 's3:ListBucket',
};

function recordActions(client: DynamoDBDocumentClient | KMSClient | S3Client, into: Set<string>): void {
  const service = {
    DynamoDBClient: 'dynamodb',
    DynamoDBDocumentClient: 'dynamodb',
    KMSClient: 'kms',
    S3Client: 's3',
  }[client.constructor.name];
  const stack = client.middlewareStack as KMSClient['middlewareStack'];
  stack.add(
    (next, { commandName = '' }) =>
      (call) => {
        const name = commandName.replace(/Command$/, '');
        const { TransactItems = [] } = call.input as { TransactItems?: readonly object[] };
        // A transaction needs what its parts need.
        const parts = TransactItems.flatMap((item) => Object.keys(item)).map((part) =>
          part.endsWith('Check') ? `${part}Item` : part,
        );
        for (const part of TransactItems.length > 0 ? parts : [name])
          into.add(ACTIONS[`${service}:${part}`] ?? `${service}:${part}`);
        return next(call);
      },
    { step: 'initialize' },
  );
}
