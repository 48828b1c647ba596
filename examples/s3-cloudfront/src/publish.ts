// Publishes a build to S3, signed by a key in KMS: what CI runs. Credentials, region and endpoints come as the AWS SDK finds them.
//   OTA_BUCKET, OTA_KMS_KEY   from Terraform
//   OTA_PUBLIC_KEY            PEM; the key that the app carries: publishing with another one is refused
//   publish.ts --folder dist --release 1.4.0 --runtime-version 42 [--rollout 10]
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { createPublisher } from '@kivyx-ota/publisher';
import { readReleaseFolder } from '@kivyx-ota/publisher/node';
import { awsKmsSigner } from '@kivyx-ota/signer-aws-kms';
import { s3Storage } from '@kivyx-ota/storage-s3';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { SCOPE } from './scope.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    launch: { default: 'main.hbc', type: 'string' },
    release: { type: 'string' },
    rollout: { default: '100', type: 'string' },
    'runtime-version': { type: 'string' },
  },
});
const need = (name: string, value: string | undefined): string => {
  if (value === undefined || value === '') throw new Error(`${name} is missing; see the head of publish.ts`);
  return value;
};
const rolloutBasisPoints = Math.round(Number(values.rollout) * 100);
if (!(rolloutBasisPoints >= 0 && rolloutBasisPoints <= 10_000)) {
  throw new Error(`--rollout is a share in percent, 0 to 100, not ${values.rollout}`);
}

const publicKeyPem = need('OTA_PUBLIC_KEY', process.env.OTA_PUBLIC_KEY);
const signer = await awsKmsSigner({
  client: new KMSClient(),
  expectedPublicKey: publicKeyPem,
  keyId: need('OTA_KMS_KEY', process.env.OTA_KMS_KEY),
});
const publisher = createPublisher({
  clock: { nowMs: () => Date.now() },
  random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
  scope: SCOPE,
  signers: { index: signer, release: signer },
  storage: s3Storage({
    bucket: need('OTA_BUCKET', process.env.OTA_BUCKET),
    // A server of one's own has no host per bucket.
    client: new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined }),
  }),
  trust: { keys: [publicKeyPem] },
});

const version = need('--release', values.release);
const { changed, release, sequence } = await publisher.publish({
  ...(await readReleaseFolder(need('--folder', values.folder), values.launch)),
  rolloutBasisPoints,
  runtimeVersion: need('--runtime-version', values['runtime-version']),
  version,
});
// Running the job again with another share is how a rollout grows.
if (!changed) await publisher.setRollout(release.releaseId, rolloutBasisPoints);
console.log(
  `${version} is ${release.releaseId}, ${changed ? `published as index ${sequence}` : 'was there already'}, for ${rolloutBasisPoints / 100} % of devices`,
);
for (const { baseSha256Hex, format, sizeBytes } of release.patches) {
  console.log(`  patch from ${baseSha256Hex.slice(0, 12)}: ${sizeBytes} bytes, ${format}`);
}
