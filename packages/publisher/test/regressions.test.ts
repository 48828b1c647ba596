// Lines 24 to 27 of the list of bugs that shipped in update systems. 22 and 23 are cases that every storage runs
// (races.test.ts, @kivyx-ota/runtime-tests/publisher-cases); 19 is in publisher.test.ts; 30 is at the end and in storage.
import { indexKey, LIMITS, objectKey } from '@kivyx-ota/manifest';
import type { PublishEvent, ReleaseInput } from '@kivyx-ota/publisher';
import { buildFlags, compareBuilds } from '@kivyx-ota/publisher';
import { memoryStorage, type ObjectStorage } from '@kivyx-ota/storage';
import { createStaticHandler } from '@kivyx-ota/storage/http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkIndexRoom } from '../src/channel/check-index-room.ts';
import { bytecode, publisher, release, SCOPE } from './samples.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '../../delta/test/fixtures/hermes', name)));
const untouched = async (storage: ObjectStorage): Promise<void> =>
  expect((await storage.list('')).objects).toEqual([]);
const hermes = (name: string): ReleaseInput['launch'] => ({ bytes: fixture(name), path: 'main.hbc' });

// regressions.md 24
describe('bytecode of a version that the target runtime does not read is refused, before anything is uploaded', () => {
  it.each<[string, Partial<ReleaseInput>]>([
    ['by the version that the caller names', { hbcVersion: 96 }],
    ['by the embedded bundle', { patchBases: [bytecode('old', 96)] }],
  ])('%s', async (_name, input) => {
    const storage = memoryStorage();
    await expect(publisher({ storage }).publish(release('1.0.0', input))).rejects.toMatchObject({
      code: 'ERR_PUBLISH_BYTECODE',
      details: { expected: 96, got: 99 },
    });
    await untouched(storage);
  });

  it('by the last release for the same runtime; another runtime may have another', async () => {
    const one = publisher();
    await one.publish(release('1.0.0'));
    const other = { launch: { bytes: bytecode('x', 98), path: 'main.hbc' } };
    await expect(one.publish(release('1.0.1', other))).rejects.toMatchObject({
      code: 'ERR_PUBLISH_BYTECODE',
    });
    await expect(one.plan(release('1.0.1', other))).rejects.toMatchObject({ code: 'ERR_PUBLISH_BYTECODE' });
    expect((await one.read())?.index.sequence).toBe(1);
    expect(await one.publish(release('1.0.1', { ...other, runtimeVersion: '2' }))).toMatchObject({
      changed: true,
    });
    // Whoever knows better says so.
    expect(await one.publish(release('1.0.2', { ...other, hbcVersion: 98 }))).toMatchObject({
      changed: true,
    });
  });
});

// regressions.md 25
describe('flags that differ from the embedded bundle are warned of, with what they cost', () => {
  it('debug information that only the release has', async () => {
    const events: PublishEvent[] = [];
    const one = publisher({ onEvent: (event) => events.push(event) });
    const patchBases = [fixture('base-99.hbc')];
    const good = await one.publish(release('1.0.0', { launch: hermes('target-99.hbc'), patchBases }));
    expect(good.warnings).toEqual([]);
    const input = release('1.0.1', { launch: hermes('target-debug-99.hbc'), patchBases });
    const planned = await one.plan(input);
    expect(planned.warnings).toMatchObject([{ details: { differences: [{ flag: 'debugInfo' }] } }]);
    const { warnings } = await one.publish(input);
    expect(warnings).toMatchObject([
      {
        code: 'WARN_BUILD_FLAGS',
        details: { differences: [{ embedded: false, flag: 'debugInfo', release: true }] },
      },
    ]);
    const { downloadBytes = 0, earlierPatchBytes = 0 } = warnings[0]?.details ?? {};
    expect(earlierPatchBytes).toBe(good.release.patches[0]?.sizeBytes);
    expect(downloadBytes).toBeGreaterThan(earlierPatchBytes);
    expect(warnings[0]?.message).toContain(`${(downloadBytes / earlierPatchBytes).toFixed(1)} times`);
    expect(events.filter(({ type }) => type === 'warning')).toHaveLength(1);
  });

  it('a minifier that only one of them saw', () => {
    const lines = Array.from({ length: 200 }, (_, i) => `function name${i}() {\n  return ${i};\n}`);
    const plain = new TextEncoder().encode(lines.join('\n'));
    const short = new TextEncoder().encode(lines.join(';').replaceAll(/\n\s*/g, '').replaceAll('name', ''));
    expect(buildFlags(plain)).toEqual({ kind: 'javascript', minified: false });
    expect(compareBuilds(plain, short)).toEqual([{ embedded: false, flag: 'minified', release: true }]);
    expect(compareBuilds(plain, plain)).toEqual([]);
  });

  it('bytecode against source', () => {
    expect(compareBuilds(fixture('base-99.hbc'), new TextEncoder().encode('print(1)'))).toEqual([
      { embedded: 'hermes', flag: 'kind', release: 'javascript' },
    ]);
  });
});

// regressions.md 26
describe('a release that would make the index too large is refused with the remedy', () => {
  const tiny = (i: number): ReleaseInput =>
    release(`1.0.${i}`, {
      launch: { bytes: bytecode(`print(${i})`), path: 'main.hbc' },
      targeting: { in: ['arch', Array.from({ length: 40 }, () => 'a'.repeat(60))] },
    });

  it('before anything of it is uploaded; after retiring it fits', async () => {
    const storage = memoryStorage();
    const one = publisher({ patchBaseCount: 0, storage });
    let published = 0;
    const refusal = await (async () => {
      for (; published < 200; published++) {
        try {
          await one.publish(tiny(published));
        } catch (error) {
          return error as { code: string; message: string };
        }
      }
      throw new Error('nothing was refused');
    })();
    expect(refusal.code).toBe('ERR_PUBLISH_INDEX_FULL');
    expect(refusal.message).toContain('none of them is superseded');
    const before = await storage.list('');
    await expect(one.plan(tiny(published))).rejects.toMatchObject({ code: 'ERR_PUBLISH_INDEX_FULL' });
    // One for everybody supersedes them; there is just room for it.
    const { release: last } = await one.publish(
      release('2.0.0', { launch: { bytes: bytecode('2'), path: 'main.hbc' } }),
    );
    expect(last.versionCode).toBe(published + 1);
    await expect(one.publish(tiny(published))).rejects.toMatchObject({
      message: expect.stringContaining('kivyx retire --keep 10'),
    });
    expect((await storage.list('')).objects.length).toBe(before.objects.length + 3);
    expect((await one.retire({ keep: 10 })).releases).toHaveLength(10);
    expect(await one.publish(tiny(published))).toMatchObject({ changed: true });
  });

  it('more releases than devices read', async () => {
    const one = publisher();
    const { release: first } = await one.publish(release('1.0.0'));
    const { index } = (await one.read()) as NonNullable<Awaited<ReturnType<typeof one.read>>>;
    const many = Array.from({ length: LIMITS.releases + 1 }, (_, i) => ({
      ...first,
      releaseId: `r${i}`,
      versionCode: i + 1,
    }));
    expect(() => checkIndexRoom({ ...index, releases: many })).toThrow(/1001 releases.*retire/);
  });
});

// regressions.md 27
describe('plain JavaScript for a Hermes app', () => {
  const launch = { bytes: new TextEncoder().encode('print(1)'), path: 'main.js' };

  it('is refused, and nothing is uploaded', async () => {
    const storage = memoryStorage();
    await expect(publisher({ storage }).publish(release('1.0.0', { launch }))).rejects.toMatchObject({
      code: 'ERR_PUBLISH_PLAIN_JS',
    });
    await untouched(storage);
  });

  it('is published when it is asked for', async () => {
    expect(await publisher().publish(release('1.0.0', { allowPlainJs: true, launch }))).toMatchObject({
      changed: true,
    });
  });
});

describe('what else is refused before anything is uploaded', () => {
  const inRange = (binaryVersion: string): ReleaseInput => {
    const { runtimeVersion: _exact, ...rest } = release('1.0.0');
    return { ...rest, binaryVersion };
  };

  it.each<[string, ReleaseInput, Parameters<typeof publisher>[0], string]>([
    ['a range of binary versions that is none', inRange('^1.0.0 oder so'), {}, 'ERR_PUBLISH_BINARY_VERSION'],
    ['a bundle over budget', release('1'), { budget: { bundleBytes: 100 } }, 'ERR_PUBLISH_BUDGET'],
    [
      'a release over budget',
      release('1', { assets: [{ bytes: new Uint8Array(50_000), path: 'huge.png' }] }),
      { budget: { releaseBytes: 50_000 } },
      'ERR_PUBLISH_BUDGET',
    ],
    [
      'a source map among the assets',
      release('1', { assets: [{ bytes: Uint8Array.of(1), path: 'main.hbc.map' }] }),
      {},
      'ERR_PUBLISH_SOURCE_MAP',
    ],
  ])('%s', async (_name, input, change, code) => {
    const storage = memoryStorage();
    await expect(publisher({ ...change, storage }).publish(input)).rejects.toMatchObject({ code });
    await expect(publisher({ ...change, storage }).plan(input)).rejects.toMatchObject({ code });
    await untouched(storage);
  });

  it('says which file is too large', async () => {
    const assets = [{ bytes: new Uint8Array(50_000), path: 'huge.png' }];
    await expect(
      publisher({ budget: { releaseBytes: 1 } }).publish(release('1', { assets })),
    ).rejects.toThrow(/largest files: huge.png 50000/);
  });

  it('a range that is one, and a release within its budget, pass', async () => {
    const one = publisher({ budget: { bundleBytes: 100_000, releaseBytes: 100_000 } });
    expect(await one.publish(inRange('>=1.0.0 <2.0.0'))).toMatchObject({ changed: true });
  });
});

describe('source maps', () => {
  it('are kept aside on request, where no device and no static server finds them', async () => {
    const storage = memoryStorage();
    const sourceMap = new TextEncoder().encode('{"version":3}');
    const { release: r } = await publisher({ storage }).publish(release('1.0.0', { sourceMap }));
    const key = `sourcemaps/${r.launchSha256Hex}`;
    expect(await storage.get(key)).toMatchObject({ body: sourceMap, cacheControl: 'private, no-store' });
    const serve = createStaticHandler(storage);
    expect((await serve(new Request(`https://x.test/${key}`))).status).toBe(404);
    expect((await serve(new Request(`https://x.test/${objectKey(r.launchSha256Hex)}`))).status).toBe(200);
  });
});

// regressions.md 30
describe('keys that are percent-encoded or written in another case', () => {
  it('encoded ones mean the same object, other cases another one, and no spelling leaves the bucket', async () => {
    const storage = memoryStorage();
    const { release: r } = await publisher({ storage }).publish(release('1.0.0'));
    const serve = createStaticHandler(storage);
    const status = async (path: string): Promise<number> =>
      (await serve(new Request(`https://x.test/${path}`))).status;
    const key = objectKey(r.launchSha256Hex);
    expect(await status(key.replace('objects', '%6Fbjects'))).toBe(200);
    expect(await status(indexKey(SCOPE).replace('cafe', 'c%61fe'))).toBe(200);
    expect(await status(key.replace(r.launchSha256Hex, r.launchSha256Hex.toUpperCase()))).toBe(404);
    expect(await status(indexKey(SCOPE).replace('cafe', 'Cafe'))).toBe(404);
    for (const path of [
      'objects/%2e%2e/gc/marks.json',
      'objects/..%2f..%2fetc',
      'objects/%00',
      'objects/%zz',
    ])
      expect(await status(path), path).toBe(404);
  });

  it('scopes that differ in case are two channels', async () => {
    const storage = memoryStorage();
    await publisher({ storage }).publish(release('1.0.0'));
    const other = publisher({ scope: { ...SCOPE, channel: 'Production' }, storage });
    expect(await other.read()).toBeUndefined();
    expect(() => publisher({ scope: { ...SCOPE, channel: 'pro%64uction' }, storage }).read()).rejects.toThrow(
      RangeError,
    );
  });
});
