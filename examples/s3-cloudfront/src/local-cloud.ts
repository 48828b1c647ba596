// AWS on your machine: S3 and KMS that check signatures of requests, a CDN before the bucket, and publish.ts as CI runs it.
import { S3Client } from '@aws-sdk/client-s3';
import { startFakeKms } from '@kivyx-ota/runtime-tests/fake-kms';
import { startFakeS3 } from '@kivyx-ota/runtime-tests/fake-s3';
import { sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { awsKmsSigner } from '@kivyx-ota/signer-aws-kms';
import { s3Storage } from '@kivyx-ota/storage-s3';
import { KMSClient } from '@aws-sdk/client-kms';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startCdn } from './cdn.ts';

const ACCOUNT = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'a secret of this machine' } as const;
const BUCKET = 'acme-ota';

/** A running one. */
export interface LocalCloud {
  /** Of the CDN, with the slash. */
  readonly url: string;
  /** What the app carries. */
  readonly publicKeyPem: string;
  /** Requests that the bucket saw: `GET objects/…`. */
  readonly requests: readonly string[];
  /** An empty folder that goes away with it. */
  readonly folder: string;
  /** Runs publish.ts for a version of the sample app; gives what it prints. */
  publish(version: string, flags?: readonly string[], environment?: Record<string, string>): Promise<string>;
  close(): Promise<void>;
}

/** Starts all of it. Nothing is left when it is closed. */
export async function startLocalCloud({
  nowMs,
}: { readonly nowMs?: () => number } = {}): Promise<LocalCloud> {
  const [s3, kms, folder] = await Promise.all([
    startFakeS3({ ...ACCOUNT, bucket: BUCKET }),
    startFakeKms(ACCOUNT),
    mkdtemp(join(tmpdir(), 'kivyx-cloud-')),
  ]);
  const region = 'eu-central-1';
  const keyId = kms.createKey();
  const client = new S3Client({ credentials: ACCOUNT, endpoint: s3.url, forcePathStyle: true, region });
  const kmsClient = new KMSClient({ credentials: ACCOUNT, endpoint: kms.url, region });
  const publicKeyPem = (await awsKmsSigner({ client: kmsClient, keyId })).exportPublicKey().pem;
  const cdn = await startCdn({
    origin: s3Storage({ bucket: BUCKET, client }),
    ...(nowMs === undefined ? {} : { nowMs }),
  });
  return {
    close: async () => {
      client.destroy();
      kmsClient.destroy();
      await Promise.all([cdn.close(), s3.close(), kms.close()]);
      await rm(folder, { force: true, recursive: true });
    },
    folder,
    publicKeyPem,
    publish: async (version, flags = [], environment = {}) => {
      const build = join(folder, 'builds', version);
      const { assets = [], launch, runtimeVersion = '' } = sampleRelease(version);
      for (const { bytes, path } of [launch, ...assets]) {
        await mkdir(dirname(join(build, path)), { recursive: true });
        await writeFile(join(build, path), bytes);
      }
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [
          ['--conditions=@kivyx-ota/source', '--import', 'tsx', join(import.meta.dirname, 'publish.ts')],
          ['--folder', build, '--release', version, '--runtime-version', runtimeVersion],
          flags,
        ].flat(),
        {
          cwd: import.meta.dirname,
          env: {
            AWS_ACCESS_KEY_ID: ACCOUNT.accessKeyId,
            AWS_ENDPOINT_URL_KMS: kms.url,
            AWS_ENDPOINT_URL_S3: s3.url,
            AWS_REGION: region,
            AWS_SECRET_ACCESS_KEY: ACCOUNT.secretAccessKey,
            NODE_NO_WARNINGS: '1',
            OTA_BUCKET: BUCKET,
            OTA_KMS_KEY: keyId,
            OTA_PUBLIC_KEY: publicKeyPem,
            PATH: process.env.PATH,
            ...environment,
          },
        },
      );
      return stdout;
    },
    requests: s3.requests,
    url: cdn.url,
  };
}
