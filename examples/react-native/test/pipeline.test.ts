// A real React Native app through the whole pipeline, on both platforms: bundled as its native build would, published, updated by a patch from
// the bundle in the store's binary through the adapter of a React Native library, compared file by file with what the bundler wrote, and every
// image looked for by React Native's own code.
import { bundleFolder, type ClientEvent, createClient, LAUNCH_FILE } from '@kivyx-ota/client';
import { blobUtilDownloads, blobUtilSha256File } from '@kivyx-ota/client-react-native/blob-util';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import { createNodeBootHost, nodePorts } from '@kivyx-ota/client/node';
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { createPublisher } from '@kivyx-ota/publisher';
import {
  bundleApp,
  type BundledApp,
  parseEmbeddedBundle,
  readReleaseFolder,
} from '@kivyx-ota/publisher/node';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { serveFolder } from '@kivyx-ota/storage-fs/serve';
import { zipSync } from 'fflate';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeBlobUtil } from '../../../packages/client-react-native/test/suite/fake-blob-util.ts';
import { createResolver, type RegisteredAsset } from './resolve-asset.ts';

const app = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'kivyx-rn-'));
afterAll(() => rmSync(work, { force: true, recursive: true }));

// iPhones have no other; Android screens have any.
const SCREENS = { android: [0.75, 1, 1.5, 2, 2.625, 3, 3.5, 4], ios: [1, 2, 3] };
const INSIDE = { android: 'base/assets/index.android.bundle', ios: 'Payload/Cafe.app/main.jsbundle' };
const keys = generateKeyPair();
const signer = createLocalSigner(keys.privateKeyPem);

/** One variant of the app, and what it registers at run time. */
async function bundle(
  platform: 'android' | 'ios',
  variant: string,
  base?: Uint8Array,
): Promise<BundledApp & { readonly assets: readonly RegisteredAsset[] }> {
  const list = join(work, `${platform}-${variant}.assets`);
  process.env['CAFE_VARIANT'] = variant;
  process.env['CAFE_ASSET_LIST'] = list;
  const made = await bundleApp({
    bundler: 'react-native',
    outDirectory: join(work, `${platform}-${variant}`),
    platform,
    projectDirectory: app,
    resetCache: false,
    ...(base === undefined ? {} : { base }),
  });
  const lines = new Set(readFileSync(list, 'utf8').trim().split('\n'));
  return { ...made, assets: Array.from(lines, (line) => JSON.parse(line) as RegisteredAsset) };
}

// Proving a base compile takes two compiles of the whole app, and is the same on both platforms.
const AGAINST = { android: 'base', ios: 'nothing' } as const;

describe.each(['android', 'ios'] as const)('the React Native 0.88 app on %s', (platform) => {
  let first: Awaited<ReturnType<typeof bundle>>;
  let second: Awaited<ReturnType<typeof bundle>>;
  let embedded: Uint8Array;
  beforeAll(async () => {
    first = await bundle(platform, 'baseline');
    // The store's binary holds the first one; what is taken out of it is what was put in.
    const binary = zipSync({ [INSIDE[platform]]: [first.bytes, { level: platform === 'ios' ? 1 : 0 }] });
    const found = parseEmbeddedBundle(binary);
    expect(found).toMatchObject({ hbcVersion: 99, path: INSIDE[platform], platform });
    expect(Buffer.compare(found.bytes, first.bytes)).toBe(0);
    embedded = found.bytes;
    second = await bundle(platform, 'one-line', AGAINST[platform] === 'base' ? embedded : undefined);
  }, 600_000);

  it(`is compiled against ${AGAINST[platform] === 'base' ? 'the bundle in the binary' : 'nothing'}, and its map leads from bytecode to a line of the app`, () => {
    expect(second).toMatchObject({ against: AGAINST[platform], bundler: 'react-native', hbcVersion: 99 });
    const { sources } = JSON.parse(readFileSync(second.sourceMapPath, 'utf8')) as { sources: string[] };
    expect(sources.some((one) => one.endsWith('variants/one-line/src/HomeScreen.js'))).toBe(true);
    expect(sources.some((one) => one.endsWith('/src/UpdatesSection.js'))).toBe(true);
  });

  it('updates by a patch, gets every file of the build, and finds every image on every screen', async () => {
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
    const { release } = await publisher.publish({
      ...(await readReleaseFolder(second.directory, second.launchFile)),
      patchBases: [embedded],
      reactNative: { assets: second.assets, version: '0.88.1' },
      runtimeVersion: 'rn-0.88',
      version: '1.0.1',
    });
    expect(release.patches).toMatchObject([{ format: 'kvh1' }]);
    expect(release.patches[0]?.sizeBytes).toBeLessThanOrEqual(110);

    const server = await serveFolder({ directory: store });
    const directory = join(work, platform, 'phone');
    const boot = createNodeBootHost({ binaryId: '1.0.0', directory, embeddedVersionCode: 0 });
    await boot.boot();
    const ports = nodePorts({
      boot,
      directory,
      embedded: { read: async () => embedded, versionCode: 0 },
    });
    const { files, timer } = ports;
    const blobUtil = fakeBlobUtil();
    const events: ClientEvent[] = [];
    const client = createClient({
      allowInsecureLoopback: true,
      baseUrl: server.url,
      device: { binaryVersion: '1.0.0', deviceId: 'phone-1', runtimeVersion: 'rn-0.88' },
      patchDecoder: deltaDecoder,
      ports: {
        ...ports,
        downloads: blobUtilDownloads({ blobUtil, directory, files, timer }),
        files: { ...files, sha256File: blobUtilSha256File({ blobUtil, directory }) },
      },
      scope,
      trust: { keys: [keys.publicKeyPem] },
    });
    client.subscribe((event) => events.push(event));
    try {
      expect(await client.checkAndApply()).toMatchObject({ how: 'patch', updated: true });
    } finally {
      await server.close();
    }
    expect(events.map(({ type }) => type)).not.toContain('patch-fallback');

    const { running } = await boot.boot();
    const installed = join(directory, bundleFolder(running));
    const built = filesIn(second.directory).filter((path) => path !== 'raw/keep.xml');
    expect(built.length).toBeGreaterThan(5);
    const expected = built.map((path) => (path === second.launchFile ? LAUNCH_FILE : path));
    expect(filesIn(installed).filter((path) => path !== 'manifest.cbor')).toEqual(expected.sort());
    for (const path of built) {
      const there = join(installed, path === second.launchFile ? LAUNCH_FILE : path);
      expect(readFileSync(there).equals(readFileSync(join(second.directory, path))), path).toBe(true);
    }

    expect(second.assets.length).toBeGreaterThan(4);
    const used = new Set<string>();
    for (const pixelRatio of SCREENS[platform]) {
      const resolve = createResolver({ pixelRatio, platform });
      for (const asset of second.assets) {
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
