import { generateKeyPair } from '@kivyx-ota/cose/sign';
import { indexKey, manifestKey, objectKey } from '@kivyx-ota/manifest';
import type { PublishResult } from '@kivyx-ota/publisher';
import { startFakeS3 } from '@kivyx-ota/runtime-tests/fake-s3';
import { sampleBundle, samplePhone, sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import type { ObjectStorage } from '@kivyx-ota/storage';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../src/local-cloud.ts';
import { publisherFor, SCOPE } from '../src/publish.ts';

const home = join(import.meta.dirname, '..');
const disk = mkdtempSync(join(tmpdir(), 'kivyx-r2-phone-'));
const keys = generateKeyPair();
let cloud: LocalCloud;
let first: PublishResult;
let second: PublishResult;

beforeAll(async () => {
  cloud = await startLocalCloud();
  const publisher = publisherFor(cloud.storage, keys);
  first = await publisher.publish(sampleRelease('1.0.0'));
  second = await publisher.publish(sampleRelease('1.0.1'));
});
afterAll(async () => {
  await cloud.close();
  rmSync(disk, { force: true, recursive: true });
});

/** Which version's launch file these bytes are, to the last one. */
function versionOf(bytes: Uint8Array): string | undefined {
  return ['0.9.0', '1.0.0', '1.0.1'].find((version) => Buffer.compare(sampleBundle(version), bytes) === 0);
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

// node:http, because fetch decodes and hides.
function get(key: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(cloud.url + key, { headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ body: Buffer.concat(chunks), headers: response.headers, status: response.statusCode ?? 0 }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('a phone', () => {
  it('updates from the Worker by a patch, byte for byte', async () => {
    const phone = samplePhone({
      baseUrl: cloud.url,
      directory: disk,
      embedded: '1.0.0',
      publicKeyPem: keys.publicKeyPem,
      scope: SCOPE,
    });
    expect(versionOf(await phone.start())).toBe('1.0.0');
    expect(await phone.update()).toMatchObject({ how: 'patch', updated: true });
    expect(versionOf(await phone.start())).toBe('1.0.1');
    expect(await phone.update()).toMatchObject({ updated: false });
  });

  it('without a base downloads whole, compressed objects', async () => {
    const phone = samplePhone({
      baseUrl: cloud.url,
      directory: join(disk, 'other'),
      embedded: '0.9.0',
      publicKeyPem: keys.publicKeyPem,
      scope: SCOPE,
    });
    await phone.start();
    expect(await phone.update()).toMatchObject({ how: 'full', updated: true });
    expect(versionOf(await phone.start())).toBe('1.0.1');
  });
});

describe('the Worker', () => {
  it('serves the index for a minute, and 304 to who knows it', async () => {
    const plain = await get(indexKey(SCOPE));
    expect(plain).toMatchObject({ status: 200 });
    expect(plain.headers['cache-control']).toContain('max-age=60');
    expect(plain.headers['content-type']).toContain('application/cose');
    const etag = plain.headers.etag as string;
    expect(etag).toMatch(/^"[0-9a-f]+"$/);
    const known = await get(indexKey(SCOPE), { 'if-none-match': etag });
    expect(known).toMatchObject({ status: 304 });
    expect(known.body).toHaveLength(0);
  });

  it('serves objects for a year, whole, in part, and from where a download broke off', async () => {
    const key = objectKey(second.release.launchSha256Hex);
    const whole = await get(key);
    expect(whole.headers['cache-control']).toContain('immutable');
    expect(versionOf(whole.body)).toBe('1.0.1');
    const etag = whole.headers.etag as string;
    const part = await get(key, { range: 'bytes=100-199' });
    expect(part).toMatchObject({ status: 206 });
    expect(part.headers['content-range']).toBe(`bytes 100-199/${whole.body.length}`);
    expect(part.body.equals(whole.body.subarray(100, 200))).toBe(true);
    const rest = await get(key, { 'if-range': etag, range: 'bytes=500-' });
    expect(rest.body.equals(whole.body.subarray(500))).toBe(true);
    expect(await get(key, { 'if-range': '"another"', range: 'bytes=500-' })).toMatchObject({ status: 200 });
    expect(await get(key, { range: `bytes=${whole.body.length}-` })).toMatchObject({ status: 416 });
    const head = await get(key, {}, 'HEAD');
    expect(head).toMatchObject({ status: 200 });
    expect(head.body).toHaveLength(0);
  });

  it('gives the Brotli form as it is stored, not compressed once more', async () => {
    const key = objectKey(second.release.launchSha256Hex);
    const packed = await get(key, { 'accept-encoding': 'br' });
    expect(packed.headers['content-encoding']).toBe('br');
    const stored = await cloud.storage.get(`${key}.br`);
    expect(packed.body.equals(Buffer.from(stored?.body ?? []))).toBe(true);
    expect(versionOf(brotliDecompressSync(packed.body))).toBe('1.0.1');
  });

  it('refuses writing, and shows nothing that is not public', async () => {
    await cloud.storage.put('private/notes', Uint8Array.of(1));
    expect(await get('private/notes')).toMatchObject({ status: 404 });
    expect(await get('objects/')).toMatchObject({ status: 404 });
    expect(await get(manifestKey(first.release.manifest.sha256Hex), {}, 'PUT')).toMatchObject({
      status: 405,
    });
    expect(await get(manifestKey(first.release.manifest.sha256Hex), {}, 'DELETE')).toMatchObject({
      status: 405,
    });
  });
});

describe('what the README says', () => {
  it('one command runs it, without an account', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@kivyx-ota/source', '--import', 'tsx', 'src/local.ts'],
      { cwd: home },
    );
    expect(stdout).toContain('The phone took a patch');
    expect(stdout).toContain('start("1.0.1");');
    expect(stdout).toContain('0 problems');
  }, 60_000);

  it('kivyx.config.ts publishes through the S3 API with the keys of the environment', async () => {
    const account = { accessKeyId: 'an R2 token', bucket: 'acme-ota', secretAccessKey: 'its secret' };
    const server = await startFakeS3(account);
    try {
      vi.stubEnv('R2_ENDPOINT', server.url);
      vi.stubEnv('R2_ACCESS_KEY_ID', account.accessKeyId);
      vi.stubEnv('R2_SECRET_ACCESS_KEY', account.secretAccessKey);
      const { default: config } = await import('../kivyx.config.ts');
      const publisher = publisherFor(config.storage as ObjectStorage, keys);
      await publisher.publish(sampleRelease('1.0.0'));
      expect(await publisher.verify()).toMatchObject({ problems: [], releases: 1 });
    } finally {
      vi.unstubAllEnvs();
      await server.close();
    }
  });

  it('wrangler.toml names the Worker, the binding and the date that run here', () => {
    const toml = readFileSync(join(home, 'wrangler.toml'), 'utf8');
    expect(toml).toMatch(/^main = "src\/worker\.ts"$/m);
    expect(toml).toMatch(/^binding = "BUCKET"$/m);
    const date = /^compatibility_date = "([\d-]+)"$/m.exec(toml)?.[1];
    expect(readFileSync(join(home, 'src/local-cloud.ts'), 'utf8')).toContain(`compatibilityDate: '${date}'`);
  });
});
