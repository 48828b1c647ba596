// Store binaries, made here: whole ones, and ones that somebody made to hurt.
import { parseEmbeddedBundle, readEmbeddedBundle } from '@kivyx-ota/publisher/node';
import { type Zippable, zipSync } from 'fflate';
import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const work = mkdtempSync(join(tmpdir(), 'kivyx-binary-'));
afterAll(() => rmSync(work, { force: true, recursive: true }));
const bytecode = new Uint8Array(
  readFileSync(join(import.meta.dirname, '../../delta/test/fixtures/hermes/base-99.hbc')),
);
const script = new TextEncoder().encode('console.log(1)');
const refused = (message: RegExp): unknown =>
  expect.objectContaining({ code: 'ERR_PUBLISH_ARCHIVE', message: expect.stringMatching(message) });

/** Changes the unpacked size that the central directory names for its only file. */
function claim(archive: Uint8Array, sizeBytes: number): Uint8Array {
  const lying = archive.slice();
  const view = new DataView(lying.buffer);
  const directory = view.getUint32(lying.length - 22 + 16, true);
  view.setUint32(directory + 24, sizeBytes, true);
  return lying;
}

describe('the bundle in a store binary', () => {
  it.each([
    ['android', 'an .apk', 'assets/index.android.bundle'],
    ['android', 'an .aab', 'base/assets/index.android.bundle'],
    ['ios', 'an .ipa', 'Payload/My App.app/main.jsbundle'],
  ] as const)(
    '%s: is found in %s, packed or not, with its bytecode version',
    async (platform, kind, path) => {
      for (const level of [0, 9] as const) {
        const file = join(work, `${kind.slice(-3)}-${level}`);
        const others: Zippable = {
          'AndroidManifest.xml': script,
          'assets/other.bundle': script,
          'Payload/My App.app/Frameworks/x.framework/main.jsbundle': script,
        };
        writeFileSync(file, zipSync({ ...others, [path]: [bytecode, { level }] }));
        const found = await readEmbeddedBundle(file);
        expect(found).toMatchObject({ hbcVersion: 99, path, platform });
        expect(Buffer.compare(found.bytes, bytecode)).toBe(0);
      }
    },
  );

  it('may be JavaScript', () => {
    const found = parseEmbeddedBundle(zipSync({ 'assets/index.android.bundle': script }));
    expect(found.hbcVersion).toBeUndefined();
    expect(found.bytes).toEqual(script);
  });
});

describe('refuses', () => {
  it('what is no archive, and one without a bundle, saying where it looked', () => {
    expect(() => parseEmbeddedBundle(script, 'x.apk')).toThrow(refused(/^x\.apk cannot be read/));
    expect(() => parseEmbeddedBundle(new Uint8Array(0))).toThrow(refused(/cannot be read/));
    expect(() => parseEmbeddedBundle(zipSync({ 'assets/main.js': script }), 'x.apk')).toThrow(
      refused(/has no bundle at assets\/index\.android\.bundle/),
    );
    expect(() => parseEmbeddedBundle(zipSync({}))).toThrow(refused(/has no bundle/));
  });

  it('names that lead out of the archive: they are no place of a bundle, and nothing is written', () => {
    const before = readdirSync(work);
    for (const path of [
      '../assets/index.android.bundle',
      '/assets/index.android.bundle',
      'assets/../assets/index.android.bundle',
      'Payload/../../x.app/main.jsbundle',
      'Payload/a/b.app/main.jsbundle',
      'assets\\index.android.bundle',
    ])
      expect(() => parseEmbeddedBundle(zipSync({ [path]: script })), path).toThrow(refused(/has no bundle/));
    expect(readdirSync(work)).toEqual(before);
  });

  it('a bomb: what would be larger than a bundle may be is not unpacked', () => {
    const zeros = zipSync({ 'assets/index.android.bundle': new Uint8Array(3_000_000) });
    expect(zeros.length).toBeLessThan(5000);
    expect(() => parseEmbeddedBundle(claim(zeros, 70_000_000))).toThrow(refused(/would be 70000000 bytes/));
    // One that lies about its size gives no more than it said.
    expect(parseEmbeddedBundle(claim(zeros, 5000)).bytes.length).toBe(5000);
    expect(() =>
      parseEmbeddedBundle(claim(zipSync({ 'assets/index.android.bundle': script }), 60_000_000)),
    ).toThrow(refused(/the archive says 60000000/));
  });

  it('two bundles, an empty one, a damaged one', () => {
    expect(() =>
      parseEmbeddedBundle(
        zipSync({ 'Payload/A.app/main.jsbundle': script, 'Payload/B.app/main.jsbundle': script }),
      ),
    ).toThrow(refused(/more than one bundle/));
    expect(() => parseEmbeddedBundle(zipSync({ 'assets/index.android.bundle': new Uint8Array(0) }))).toThrow(
      refused(/is 0 bytes/),
    );
    expect(() =>
      parseEmbeddedBundle(zipSync({ 'assets/index.android.bundle': bytecode.slice(0, -1) })),
    ).toThrow(refused(/damaged bytecode/));
  });

  it('a directory that claims four thousand million entries, without counting to it', () => {
    const archive = zipSync({ x: script });
    const end = archive.slice(-22);
    const directory = archive.slice(0, -22);
    const zip64 = new Uint8Array(56);
    const view = new DataView(zip64.buffer);
    view.setUint32(0, 0x06064b50, true);
    view.setUint32(32, 0xffffffff, true);
    view.setUint32(48, new DataView(end.buffer).getUint32(16, true), true);
    const locator = new Uint8Array(20);
    new DataView(locator.buffer).setUint32(0, 0x07064b50, true);
    new DataView(locator.buffer).setUint32(8, directory.length, true);
    const hostile = Buffer.concat([directory, zip64, locator, end]);
    expect(() => parseEmbeddedBundle(new Uint8Array(hostile))).toThrow(refused(/cannot be read/));
  });

  it('any damage with a code of its own', () => {
    const archive = zipSync({ 'assets/index.android.bundle': [bytecode, { level: 6 }] });
    fc.assert(
      fc.property(fc.nat(archive.length - 1), fc.integer({ max: 255, min: 1 }), (at, flip) => {
        const damaged = archive.slice();
        damaged[at] = (damaged[at] as number) ^ flip;
        try {
          expect(parseEmbeddedBundle(damaged).bytes.length).toBe(bytecode.length);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_PUBLISH_ARCHIVE' });
        }
      }),
      { numRuns: 300 },
    );
  });
});
