// Bundled for both platforms, published, downloaded by the adapter of a React Native library, compared file by file with what the bundler
// wrote, and every asset looked for by React Native's own code.
import { bundleFolder, createClient, LAUNCH_FILE } from '@kivyx-ota/client';
import { blobUtilDownloads, blobUtilSha256File } from '@kivyx-ota/client-react-native/blob-util';
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
import { fakeBlobUtil } from '../../../packages/client-react-native/test/suite/fake-blob-util.ts';
import { createResolver, type RegisteredAsset } from './resolve-asset.ts';

// Not the folder of the other test: both build at once.
const bundles = join(import.meta.dirname, '../.cache/assets');
const work = mkdtempSync(join(tmpdir(), 'kivyx-assets-'));
const PLATFORMS = ['android', 'ios'] as const;
// iPhones have no other; Android screens have any.
const SCREENS = { android: [0.75, 1, 1.5, 2, 2.625, 3, 3.5, 4], ios: [1, 2, 3] };
const LAUNCH = { android: 'index.android.bundle', ios: 'main.jsbundle' };
const keys = generateKeyPair();
const signer = createLocalSigner(keys.privateKeyPem);

/** What the bundler wrote, under the name of the native build. */
function build(platform: 'android' | 'ios'): string {
  const target = join(work, platform, 'build');
  const source = join(bundles, platform, 'baseline');
  for (const path of filesIn(source)) {
    if (path === 'main.jsbundle' || path.endsWith('.hbc') || path === '.stamp') continue;
    cpSync(join(source, path), join(target, path));
  }
  cpSync(join(source, 'plain.hbc'), join(target, LAUNCH[platform]));
  return target;
}

describe.each(PLATFORMS)('the React Native 0.88 app on %s', (platform) => {
  beforeAll(async () => {
    const script = join(import.meta.dirname, '../scripts/build-bundles.mjs');
    const options = ['--out', bundles, '--platform', platform, '--variants', 'baseline'];
    await promisify(execFile)(process.execPath, [script, ...options]);
  }, 300_000);
  afterAll(() => rmSync(join(work, platform), { force: true, recursive: true }));

  const assets = (): RegisteredAsset[] =>
    JSON.parse(readFileSync(join(bundles, platform, 'baseline.assets.json'), 'utf8')) as RegisteredAsset[];

  it('gets every file of the build, and finds every image on every screen', async () => {
    const source = build(platform);
    const scope = { app: 'cafe', channel: 'production', platform, project: 'acme' } as const;
    const store = join(work, platform, 'store');
    const publisher = createPublisher({
      clock: { nowMs: () => Date.now() },
      random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
      scope,
      signers: { index: signer, release: signer },
      storage: fsStorage({ directory: store }),
      trust: { keys: [keys.publicKeyPem] },
    });
    await publisher.publish({
      ...(await readReleaseFolder(source, LAUNCH[platform])),
      reactNative: { assets: assets(), version: '0.88.1' },
      runtimeVersion: 'rn-0.88',
      version: '1.0.0',
    });

    const server = await serveFolder({ directory: store });
    const directory = join(work, platform, 'phone');
    const boot = createNodeBootHost({ binaryId: '1.0.0', directory, embeddedVersionCode: 0 });
    await boot.boot();
    const ports = nodePorts({ boot, directory, embedded: { read: async () => undefined, versionCode: 0 } });
    const { files, timer } = ports;
    const blobUtil = fakeBlobUtil();
    const client = createClient({
      allowInsecureLoopback: true,
      baseUrl: server.url,
      device: { binaryVersion: '1.0.0', deviceId: 'phone-1', runtimeVersion: 'rn-0.88' },
      ports: {
        ...ports,
        downloads: blobUtilDownloads({ blobUtil, directory, files, timer }),
        files: { ...files, sha256File: blobUtilSha256File({ blobUtil, directory }) },
      },
      scope,
      trust: { keys: [keys.publicKeyPem] },
    });
    try {
      expect(await client.checkAndApply()).toMatchObject({ how: 'full', updated: true });
    } finally {
      await server.close();
    }

    const { running } = await boot.boot();
    const installed = join(directory, bundleFolder(running));
    const built = filesIn(source).filter((path) => path !== 'raw/keep.xml');
    const expected = built.map((path) => (path === LAUNCH[platform] ? LAUNCH_FILE : path));
    expect(filesIn(installed).filter((path) => path !== 'manifest.cbor')).toEqual(expected.sort());
    for (const path of built) {
      const there = join(installed, path === LAUNCH[platform] ? LAUNCH_FILE : path);
      expect(readFileSync(there).equals(readFileSync(join(source, path))), path).toBe(true);
    }

    expect(assets().length).toBeGreaterThan(4);
    const used = new Set<string>();
    for (const pixelRatio of SCREENS[platform]) {
      const resolve = createResolver({ pixelRatio, platform });
      for (const asset of assets()) {
        const uri = resolve(asset, `file://${installed}/`);
        const path = uri.replace('file://', '');
        expect(existsSync(path), `${asset.name} on a screen of ${pixelRatio}: ${uri}`).toBe(true);
        used.add(relative(installed, path));
      }
    }
    // Nothing is carried that nobody looks for.
    expect(expected.filter((path) => path !== LAUNCH_FILE && !used.has(path))).toEqual([]);
  }, 120_000);
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
