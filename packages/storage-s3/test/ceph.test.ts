import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { storageCases } from '@kivyx-ota/conformance';
import { publisherCases, RACE_ROUNDS } from '@kivyx-ota/runtime-tests/publisher-cases';
import { type ObjectStorage, prefixed } from '@kivyx-ota/storage';
import { s3Storage } from '@kivyx-ota/storage-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CEPH_START_MS, type CephGateway, missingForCeph, startCephGateway } from './ceph-gateway.ts';

const ACCOUNT = { accessKeyId: 'AKIACEPH', secretAccessKey: 'a secret for tests' } as const;
const BUCKET = 'acme-ota';
const missing = missingForCeph();
const inCi = process.env.CI !== undefined;
if (missing.length > 0) {
  console.warn(
    `Skipped: storage-s3 on Ceph. Not installed: ${missing.join(', ')} (apt: radosgw ceph-mon ceph-osd ceph-common)`,
  );
}

it.runIf(inCi)('Ceph is there in CI', () => {
  expect(missing).toEqual([]);
});

describe.skipIf(missing.length > 0)('Ceph RADOS gateway', () => {
  let gateway: CephGateway | undefined;
  let client: S3Client;
  let storage: ObjectStorage;
  let folder = 0;
  beforeAll(async () => {
    gateway = await startCephGateway(ACCOUNT);
    client = new S3Client({
      credentials: ACCOUNT,
      endpoint: gateway.url,
      forcePathStyle: true,
      region: 'us-east-1',
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    storage = s3Storage({ bucket: BUCKET, client });
  }, CEPH_START_MS);
  afterAll(async () => {
    client?.destroy();
    await gateway?.close();
  });
  const create = (): ObjectStorage => prefixed(storage, `case${folder++}`);

  // The probe has to find that conditions work, or every conditional case fails.
  it.each(storageCases({ create }))('$title', async ({ run }) => run(), 60_000);
  // All of them in CI; the race alone, and three rounds of it, where somebody waits.
  const cases = publisherCases({
    create,
    rounds: process.env['RACE_ROUNDS'] === undefined ? 3 : RACE_ROUNDS,
  });
  it.each(inCi ? cases : cases.slice(0, 1))('$title', async ({ run }) => run(), 400_000);
});
