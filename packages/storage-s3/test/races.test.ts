import { S3Client } from '@aws-sdk/client-s3';
import { startFakeS3 } from '@kivyx-ota/runtime-tests/fake-s3';
import { publisherCases, RACE_ROUNDS } from '@kivyx-ota/runtime-tests/publisher-cases';
import { prefixed } from '@kivyx-ota/storage';
import { s3Storage } from '@kivyx-ota/storage-s3';
import { afterAll, it } from 'vitest';

const ACCOUNT = {
  accessKeyId: 'AKIATEST',
  bucket: 'acme-ota',
  secretAccessKey: 'a secret for tests',
} as const;
const server = await startFakeS3(ACCOUNT);
const client = new S3Client({
  credentials: ACCOUNT,
  endpoint: server.url,
  forcePathStyle: true,
  maxAttempts: 1,
  region: 'eu-central-1',
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

let folder = 0;
const storage = s3Storage({ bucket: ACCOUNT.bucket, client });
it.each(publisherCases({ create: () => prefixed(storage, `races${folder++}`), rounds: RACE_ROUNDS }))(
  '$title',
  async ({ run }) => run(),
  400_000,
);
