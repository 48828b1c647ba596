import { generateKeyPairSync } from 'node:crypto';
import { indexKey } from '@kivyx-ota/manifest';
import { readPolicy, readTerraform } from '@kivyx-ota/runtime-tests/read-terraform';
import { sampleBundle, samplePhone, type SamplePhone } from '@kivyx-ota/runtime-tests/sample-app';
import { terraformCases } from '@kivyx-ota/runtime-tests/terraform-cases';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../src/local-cloud.ts';
import { SCOPE } from '../src/scope.ts';

const home = join(import.meta.dirname, '..');
const MINUTE_MS = 60_000;
let cloud: LocalCloud;
let nowMs = Date.now();

const phone = (name: string): SamplePhone =>
  samplePhone({
    baseUrl: cloud.url,
    directory: join(cloud.folder, name),
    embedded: '1.0.0',
    publicKeyPem: cloud.publicKeyPem,
    scope: SCOPE,
  });
const versionOf = (bytes: Uint8Array): string | undefined =>
  ['1.0.0', '1.0.1', '1.0.2'].find((version) => Buffer.compare(sampleBundle(version), bytes) === 0);

describe('published from CI to S3, behind a CDN', () => {
  beforeAll(async () => {
    cloud = await startLocalCloud({ nowMs: () => nowMs });
    expect(await cloud.publish('1.0.0')).toContain('published as index 1');
    expect(await cloud.publish('1.0.1')).toContain('patch from');
  }, 60_000);
  afterAll(() => cloud.close());

  it('a phone updates by a patch, byte for byte', async () => {
    const one = phone('one');
    expect(versionOf(await one.start())).toBe('1.0.0');
    expect(await one.update()).toMatchObject({ how: 'patch', updated: true });
    expect(versionOf(await one.start())).toBe('1.0.1');
  });

  it('the next phone costs the bucket nothing but what may not be kept', async () => {
    const before = cloud.requests.length;
    const two = phone('two');
    await two.start();
    expect(await two.update()).toMatchObject({ how: 'patch', updated: true });
    const asked = cloud.requests.slice(before);
    expect(asked.filter((line) => !line.includes('roots/'))).toEqual([]);
  });

  it('a release reaches phones when the minute of the index is over, and not before', async () => {
    await cloud.publish('1.0.2');
    const three = phone('three');
    await three.start();
    await three.update();
    expect(versionOf(await three.start())).toBe('1.0.1');
    nowMs += MINUTE_MS + 1000;
    await three.update();
    expect(versionOf(await three.start())).toBe('1.0.2');
  }, 60_000);

  it('conditions and ranges are answered at the edge', async () => {
    const url = cloud.url + indexKey(SCOPE);
    const first = await fetch(url);
    const etag = first.headers.get('etag') as string;
    const whole = new Uint8Array(await first.arrayBuffer());
    const known = await fetch(url, { headers: { 'if-none-match': etag } });
    expect(known.status).toBe(304);
    expect(known.headers.get('x-cache')).toBe('Hit from cdn');
    const part = await fetch(url, { headers: { range: 'bytes=10-19' } });
    expect(part.status).toBe(206);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.slice(10, 20));
    expect((await fetch(`${cloud.url}private/x`)).status).toBe(404);
  });

  it('publishing again changes the share only', async () => {
    expect(await cloud.publish('1.0.2', ['--rollout', '25'])).toContain('was there already, for 25 %');
  }, 30_000);

  it('asked, wrote and deleted only where the role may; devices read less', async () => {
    const { local, resource } = await readTerraform(join(home, 'terraform'));
    const served = local('served') as readonly string[];
    const more = /^\$\{concat\(local\.served, (\[.*\])\)\}$/.exec(String(local('folders')))?.[1] ?? '[]';
    const folders = [...served, ...(JSON.parse(more) as string[])];
    const touched = (verbs: string): string[] => {
      const request = new RegExp(`^(?:${verbs}) ([^/?]+)/`);
      return Array.from(new Set(cloud.requests.flatMap((line) => request.exec(line)?.[1] ?? [])));
    };
    expect(touched('PUT').length).toBeGreaterThan(3);
    // S3 says 403, not 404, of what a role may not read: the publisher would stop at its first look at the collector's marks.
    expect(touched('GET|HEAD')).toContain('gc');
    expect(touched('GET|HEAD|PUT').filter((folder) => !folders.includes(folder))).toEqual([]);
    expect(touched('DELETE')).toEqual(['kivyx-probe']);
    // Whoever knows an index knows what a source map would be called.
    expect([served, folders].map((list) => list.includes('sourcemaps'))).toEqual([false, true]);
    const [reads] = await readPolicy(resource('aws_s3_bucket_policy', 'ota')['policy']);
    expect(String(reads?.Resource)).toContain('for folder in local.served');
  });

  it('refuses a key that the app does not carry, before anything is written', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const before = cloud.requests.length;
    const other = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    await expect(cloud.publish('1.0.3', [], { OTA_PUBLIC_KEY: other })).rejects.toMatchObject({
      stderr: expect.stringContaining('ERR_KMS_KEY_CHANGED'),
    });
    expect(cloud.requests.length).toBe(before);
  }, 30_000);

  it('says which variable is missing', async () => {
    await expect(cloud.publish('1.0.3', [], { OTA_BUCKET: '' })).rejects.toMatchObject({
      stderr: expect.stringContaining('OTA_BUCKET is missing'),
    });
  }, 30_000);
});

describe('what the README says', () => {
  it('one command runs it, without an account', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@kivyx-ota/source', '--import', 'tsx', 'src/local.ts'],
      { cwd: home },
    );
    expect(stdout.match(/took a patch: \d+ of \d+ bytes, and runs start\("1\.0\.1"\);/g)).toHaveLength(2);
  }, 60_000);

  it('the workflow has every variable that publish.ts reads, no secret, and the identity that the role wants', () => {
    const workflow = readFileSync(join(home, 'workflows/publish.yml'), 'utf8');
    const script = readFileSync(join(home, 'src/publish.ts'), 'utf8');
    const names = new Set([...script.matchAll(/process\.env\.(OTA_\w+)/g)].map(([, name]) => name as string));
    expect(names.size).toBe(3);
    for (const name of names) expect(workflow).toContain(`${name}: \${{ vars.${name} }}`);
    expect(workflow).toContain('id-token: write');
    expect(workflow).toContain('environment: production');
    expect(workflow).not.toContain('secrets.');
  });
});

describe('Terraform, read by its own parser', () => {
  const terraform = readTerraform(join(home, 'terraform'));

  for (const { run, title } of terraformCases(join(home, 'terraform'))) it(title, run, 120_000);

  it('gives the publisher reading and writing of channels, digests to sign, and no more', async () => {
    const role = (await terraform).resource('aws_iam_role_policy', 'publisher');
    const statements = await readPolicy(role['policy']);
    expect(statements.map(({ Action, Effect, Sid }) => [Sid, Effect, Action].flat().join(' '))).toEqual([
      'ReadAndWriteChannels Allow s3:GetObject s3:PutObject',
      'TellAbsentFromForbidden Allow s3:ListBucket',
      'RemoveTheProbe Allow s3:DeleteObject',
      'ReadThePublicKey Allow kms:GetPublicKey',
      'SignOnlyDigests Allow kms:Sign',
    ]);
    for (const { Resource } of statements) expect([Resource].flat()).not.toContain('*');
    expect(statements[4]?.Condition).toEqual({
      StringEquals: { 'kms:MessageType': 'DIGEST', 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
    });
  });

  it('keeps the bucket to the CDN, and everybody to TLS', async () => {
    const all = await terraform;
    const [reads, tls, ...rest] = await readPolicy(all.resource('aws_s3_bucket_policy', 'ota')['policy']);
    expect(rest).toEqual([]);
    expect(reads).toMatchObject({
      Condition: { StringEquals: { 'AWS:SourceArn': '${aws_cloudfront_distribution.ota.arn}' } },
      Effect: 'Allow',
    });
    expect(tls).toMatchObject({ Condition: { Bool: { 'aws:SecureTransport': 'false' } }, Effect: 'Deny' });
    expect(all.resource('aws_s3_bucket_public_access_block', 'ota')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(all.resource('aws_cloudfront_origin_access_control', 'ota')).toMatchObject({
      signing_behavior: 'always',
      signing_protocol: 'sigv4',
    });
  });
});
