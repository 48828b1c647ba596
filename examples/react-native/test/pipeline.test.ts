// A real React Native app through the whole pipeline: Metro, hermesc, publish, patch, update, byte for byte.
import { bundleFolder, type ClientEvent, createClient, LAUNCH_FILE } from '@kivyx-ota/client';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import { createNodeBootHost, nodePorts } from '@kivyx-ota/client/node';
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { createPublisher } from '@kivyx-ota/publisher';
import { readReleaseFolder } from '@kivyx-ota/publisher/node';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { serveFolder } from '@kivyx-ota/storage-fs/serve';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bundles = join(import.meta.dirname, '../.cache/bundles');
const work = mkdtempSync(join(tmpdir(), 'kivyx-rn-'));
const LAUNCH = 'main.hbc';

/** What the device gets: everything but the JavaScript that the bytecode was compiled from. */
function release(variant: string, launchFile: string): string {
  const target = join(work, variant);
  const source = join(bundles, 'android', variant);
  for (const path of files(source)) {
    if (path.endsWith('.jsbundle') || path.endsWith('.hbc') || path === '.stamp' || path === 'raw/keep.xml')
      continue;
    cpSync(join(source, path), join(target, path));
  }
  cpSync(join(source, launchFile), join(target, LAUNCH));
  return target;
}

describe('the React Native 0.88 app', () => {
  beforeAll(async () => {
    const script = join(import.meta.dirname, '../scripts/build-bundles.mjs');
    await promisify(execFile)(process.execPath, [
      script,
      '--out',
      bundles,
      '--variants',
      'baseline,one-line',
    ]);
  }, 300_000);
  afterAll(() => rmSync(work, { force: true, recursive: true }));

  it('updates by a patch from the embedded bundle, byte for byte, and finds its images', async () => {
    const first = release('baseline', 'plain.hbc');
    const second = release('one-line', 'base.hbc');
    const embedded = readFileSync(join(first, LAUNCH));
    expect(embedded.readUInt32LE(8)).toBe(99);

    const keys = generateKeyPair();
    const signer = createLocalSigner(keys.privateKeyPem);
    const scope = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;
    const store = join(work, 'store');
    const publisher = createPublisher({
      clock: { nowMs: () => Date.now() },
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      scope,
      signers: { index: signer, release: signer },
      storage: fsStorage({ directory: store }),
      trust: { keys: [keys.publicKeyPem] },
    });
    const publish = async (folder: string, version: string) =>
      publisher.publish({
        ...(await readReleaseFolder(folder, LAUNCH)),
        rolloutBasisPoints: 10_000,
        runtimeVersion: 'rn-0.88',
        version,
      });
    await publish(first, '1.0.0');
    const { release: update } = await publish(second, '1.0.1');
    const patch = update.patches[0];
    expect(patch).toBeDefined();
    expect(patch?.format).toBe('kvh1');
    expect(patch?.sizeBytes).toBeLessThanOrEqual(110);

    const server = await serveFolder({ directory: store });
    try {
      const directory = join(work, 'phone');
      const boot = createNodeBootHost({ binaryId: '1.0.0', directory, embeddedVersionCode: 1 });
      await boot.boot();
      const events: ClientEvent[] = [];
      const client = createClient({
        allowInsecureLoopback: true,
        baseUrl: server.url,
        device: { binaryVersion: '1.0.0', deviceId: 'phone-1', runtimeVersion: 'rn-0.88' },
        patchDecoder: deltaDecoder,
        ports: nodePorts({
          boot,
          directory,
          embedded: { read: async () => new Uint8Array(embedded), versionCode: 1 },
        }),
        scope,
        trust: { keys: [keys.publicKeyPem] },
      });
      client.subscribe((event) => events.push(event));
      const outcome = await client.checkAndApply();
      expect(outcome).toMatchObject({ how: 'patch', updated: true });
      expect(events.map(({ type }) => type)).not.toContain('patch-fallback');

      const { running } = await boot.boot();
      const installed = join(directory, bundleFolder(running));
      expect(readFileSync(join(installed, LAUNCH_FILE)).equals(readFileSync(join(second, LAUNCH)))).toBe(
        true,
      );
      const assets = files(second).filter((path) => path !== LAUNCH);
      expect(assets.length).toBeGreaterThan(5);
      for (const path of assets) {
        expect(existsSync(join(installed, path)), path).toBe(true);
        expect(readFileSync(join(installed, path)).equals(readFileSync(join(second, path))), path).toBe(true);
      }
    } finally {
      await server.close();
    }
  }, 120_000);
});

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
