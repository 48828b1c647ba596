// A configuration whose keys are in a KMS: a program, as its users write it.
import { startFakeKms, type FakeKms } from '@kivyx-ota/runtime-tests/fake-kms';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixture, kivyx } from './run-kivyx.ts';

const home = mkdtempSync(join(tmpdir(), 'kivyx-kms-'));
const account = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'a secret of this machine' };
let kms: FakeKms;

beforeAll(async () => {
  kms = await startFakeKms(account);
  const [release, index] = [kms.createKey(), kms.createKey()];
  writeFileSync(
    join(home, 'kivyx.config.ts'),
    `import { KMSClient } from ${JSON.stringify(import.meta.resolve('@aws-sdk/client-kms'))};
import { defineConfig } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
import { awsKmsSigner } from ${JSON.stringify(import.meta.resolve('@kivyx-ota/signer-aws-kms'))};

const client = new KMSClient({ credentials: ${JSON.stringify(account)}, endpoint: ${JSON.stringify(kms.url)}, region: 'eu-central-1' });
export default defineConfig({
  project: 'acme',
  app: 'cafe',
  platform: 'android',
  signers: {
    release: await awsKmsSigner({ client, keyId: ${JSON.stringify(release)} }),
    index: await awsKmsSigner({ client, keyId: ${JSON.stringify(index)} }),
  },
});
`,
  );
  mkdirSync(join(home, 'build'));
  writeFileSync(join(home, 'build/main.hbc'), fixture('base-99.hbc'));
});
afterAll(async () => {
  await kms.close();
  rmSync(home, { force: true, recursive: true });
});

it('exports the public keys, which the bucket is then verified with, and signs there', async () => {
  const cwd = home;
  const [release, index] = await Promise.all(
    ['release', 'index'].map((role) => kivyx(['keys', 'export', '--role', role, '--format', 'pem'], { cwd })),
  );
  expect(release?.stdout).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  expect(release?.stdout).not.toBe(index?.stdout);
  writeFileSync(join(home, 'trust.pem'), `${release?.stdout ?? ''}${index?.stdout ?? ''}`);

  const args = ['publish', '--folder', 'build', '--release', '1.0.0', '--runtime-version', '42'];
  expect(await kivyx(args, { cwd })).toMatchObject({ code: 0, stderr: '' });
  const elsewhere = mkdtempSync(join(tmpdir(), 'kivyx-auditor-'));
  writeFileSync(join(elsewhere, 'trust.pem'), readFileSync(join(home, 'trust.pem')));
  const env = {
    KIVYX_APP: 'cafe',
    KIVYX_PLATFORM: 'android',
    KIVYX_PROJECT: 'acme',
    KIVYX_STORAGE: join(home, 'bucket'),
    KIVYX_TRUST: 'trust.pem',
  };
  expect(await kivyx(['verify'], { cwd: elsewhere, env })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('No problems.'),
  });
  rmSync(elsewhere, { force: true, recursive: true });
});
