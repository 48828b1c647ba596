import { isOtaError } from '@kivyx-ota/core';
import { type CborValue, decodeCbor } from '@kivyx-ota/cose';
import { createLocalSigner, encodeCbor, generateKeyPair, signSign1 } from '@kivyx-ota/cose/sign';
import {
  isReleasePath,
  LIMITS,
  MEDIA_TYPES,
  parseChannelIndex,
  parseManifest,
  verifyChannelIndex,
  verifyManifest,
} from '@kivyx-ota/manifest';
import {
  encodeChannelIndex,
  encodeManifest,
  mergePatches,
  signChannelIndex,
  signManifest,
} from '@kivyx-ota/manifest/sign';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash, index, manifest, release, SCOPE } from './samples.ts';

const pair = generateKeyPair();
const signer = createLocalSigner(pair.privateKeyPem);
const keys = [pair.publicKey];
const code = (value: string): unknown => expect.objectContaining({ code: value, name: 'OtaError' });

describe('mergePatches', () => {
  const patch = (base: number, content = 'one', format = 'kvh1') => ({
    baseSha256Hex: hash(String(base)),
    format,
    sha256Hex: hash(content),
    sizeBytes: 9,
  });
  const present = [patch(1), patch(2)];

  it('gives the same list when nothing is new', () => {
    expect(mergePatches([patch(2)], present)).toBe(present);
    expect(mergePatches([], present)).toBe(present);
  });

  it('replaces the one of the same base and format, and keeps the rest behind', () => {
    expect(mergePatches([patch(2, 'other')], present)).toEqual([patch(2, 'other'), patch(1)]);
    expect(mergePatches([patch(2, 'one', 'kvg1')], present)).toEqual([patch(2, 'one', 'kvg1'), ...present]);
  });

  it('keeps 32, the new ones first', () => {
    const many = Array.from({ length: 32 }, (_, i) => patch(i));
    const merged = mergePatches([patch(31, 'other'), patch(40)], many);
    expect(merged).toHaveLength(LIMITS.patchesPerRelease);
    expect(merged.slice(0, 3)).toEqual([patch(31, 'other'), patch(40), patch(0)]);
  });
});

describe('a document survives its encoding', () => {
  it('manifest and index', () => {
    expect(parseManifest(encodeManifest(manifest))).toEqual(manifest);
    expect(parseChannelIndex(encodeChannelIndex(index))).toEqual(index);
  });

  it('sizes are bytes of UTF-8, to the last one', () => {
    const full = { ...manifest, metadata: { n: `${'🚀'.repeat(1023)}abc` }, version: 'é'.repeat(32) };
    expect(parseManifest(encodeManifest(full))).toEqual(full);
    const targeting = { eq: ['a', 'é'.repeat(2014)] };
    const heavy = { ...index, releases: [{ ...release, targeting }] };
    expect(parseChannelIndex(encodeChannelIndex(heavy))).toEqual(heavy);
  });

  it('the order of files and patches does not change the bytes, and readers know one order', () => {
    const [file] = manifest.assets;
    const files = ['b', 'a', 'c'].map((path, i) => ({ ...file, path, sha256Hex: hash(String(i)) }));
    const encoded = encodeManifest({ ...manifest, assets: files } as typeof manifest);
    expect(encodeManifest({ ...manifest, assets: files.toReversed() } as typeof manifest)).toEqual(encoded);
    expect(parseManifest(encoded).assets.map(({ path }) => path)).toEqual(['a', 'b', 'c']);
    const map = decodeCbor(encoded) as ReadonlyMap<number, CborValue>;
    const reversed = new Map([...map, [12, (map.get(12) as CborValue[]).toReversed()]]);
    expect(() => parseManifest(encodeCbor(reversed))).toThrow(code('ERR_DOCUMENT_SHAPE'));
  });

  it('the order of members does not change the bytes', () => {
    const shuffled = Object.fromEntries(Object.entries(manifest).reverse()) as unknown as typeof manifest;
    expect(encodeManifest(shuffled)).toEqual(encodeManifest(manifest));
  });

  it('random indexes', () => {
    const sha = fc.stringMatching(/^[0-9a-f]{64}$/);
    const one = fc.record({
      binaryVersion: fc.constantFrom('>=1.0.0', '1.x'),
      launchSha256Hex: sha,
      mandatory: fc.boolean(),
      manifest: fc.record({
        sha256Hex: sha,
        sizeBytes: fc.integer({ max: LIMITS.manifestSizeBytes, min: 1 }),
      }),
      patches: fc.uniqueArray(
        fc.record({
          baseSha256Hex: sha,
          format: fc.constant('kvd1'),
          sha256Hex: sha,
          sizeBytes: fc.nat(100_000),
        }),
        { maxLength: 4, selector: (p) => p.baseSha256Hex },
      ),
      releaseId: fc.uuid(),
      rolloutBasisPoints: fc.nat(10_000),
      salt: fc.uuid(),
      status: fc.constantFrom('active' as const, 'paused' as const, 'revoked' as const),
      version: fc.constantFrom('1.0.0', '2.0.0-β.1'),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(one, { maxLength: 6, selector: (r) => r.releaseId }),
        fc.integer({ max: 2 ** 50, min: 2 }),
        (releases, sequence) => {
          const document = {
            ...index,
            releases: releases.map((r, i) => ({
              ...r,
              patches: r.patches.toSorted((a, b) => (a.baseSha256Hex < b.baseSha256Hex ? -1 : 1)),
              versionCode: i * 3 + 1,
            })),
            sequence,
          };
          expect(parseChannelIndex(encodeChannelIndex(document))).toEqual(document);
        },
      ),
    );
  });

  it('mutated bytes are refused with a typed error or are a document that encodes to just these bytes', () => {
    const payload = encodeChannelIndex(index);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(payload.length - 1), fc.nat(255)), { maxLength: 3, minLength: 1 }),
        (edits) => {
          const mutant = payload.slice();
          for (const [at, byte] of edits) mutant[at] = byte;
          try {
            expect(encodeChannelIndex(parseChannelIndex(mutant))).toEqual(mutant);
          } catch (error) {
            expect(isOtaError(error), String(error)).toBe(true);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('a manifest that no device should meet is refused by writer and reader', () => {
  const file = manifest.assets[0] as (typeof manifest.assets)[number];
  it.each<[string, object, string]>([
    ['no runtime', { runtimeVersion: undefined }, 'ERR_DOCUMENT_SHAPE'],
    ['two runtimes', { binaryVersion: '>=1.0.0' }, 'ERR_DOCUMENT_SHAPE'],
    ['version code 0', { versionCode: 0 }, 'ERR_DOCUMENT_SHAPE'],
    ['version code 1.5', { versionCode: 1.5 }, 'ERR_DOCUMENT_SHAPE'],
    ['an unknown platform', { platform: 'windows' }, 'ERR_DOCUMENT_SHAPE'],
    ['a release id with a slash', { releaseId: '../x' }, 'ERR_DOCUMENT_SHAPE'],
    ['an empty launch file', { launch: { ...manifest.launch, sizeBytes: 0 } }, 'ERR_DOCUMENT_SHAPE'],
    ['an upper-case hash', { launch: { ...manifest.launch, sha256Hex: hash('A') } }, 'ERR_DOCUMENT_SHAPE'],
    ['a member nobody knows', { surprise: 1 }, 'ERR_DOCUMENT_SHAPE'],
    ['metadata of 5 KB', { metadata: { notes: 'x'.repeat(5000) } }, 'ERR_DOCUMENT_SHAPE'],
    ['metadata above 4,096 bytes of UTF-8', { metadata: { n: '🚀'.repeat(1024) } }, 'ERR_DOCUMENT_SHAPE'],
    ['metadata that is no text: a lone surrogate', { metadata: { n: '\ud800' } }, 'ERR_DOCUMENT_SHAPE'],
    ['a version of two lines', { version: '1\n2' }, 'ERR_DOCUMENT_SHAPE'],
    ['a version above 64 bytes of UTF-8', { version: 'é'.repeat(33) }, 'ERR_DOCUMENT_SHAPE'],
    ['a release called embedded', { releaseId: 'embedded' }, 'ERR_DOCUMENT_SHAPE'],
    [
      'metadata named __proto__',
      { metadata: JSON.parse('{"__proto__":"x"}') as object },
      'ERR_DOCUMENT_SHAPE',
    ],
    [
      'two files of one name, capitals aside',
      { assets: [file, { ...file, path: 'assets/CUP.png' }] },
      'ERR_DOCUMENT_PATH',
    ],
    ['a file that is also a folder', { assets: [file, { ...file, path: 'assets' }] }, 'ERR_DOCUMENT_PATH'],
    [
      'an object of two sizes',
      { assets: [file, { ...file, path: 'b.png', sizeBytes: 1 }] },
      'ERR_DOCUMENT_SHAPE',
    ],
    [
      'an object above the cap',
      { assets: [{ ...file, sizeBytes: LIMITS.objectSizeBytes + 1 }] },
      'ERR_DOCUMENT_SHAPE',
    ],
    [
      'a release above the cap',
      {
        assets: Array.from({ length: 5 }, (_, i) => ({
          ...file,
          path: `a${i}`,
          sha256Hex: hash(String(i)),
          sizeBytes: LIMITS.objectSizeBytes,
        })),
      },
      'ERR_DOCUMENT_SHAPE',
    ],
    [
      '5,001 files',
      { assets: Array.from({ length: 5000 }, (_, i) => ({ ...file, path: `a${i}` })) },
      'ERR_DOCUMENT_SHAPE',
    ],
  ])('%s', (_name, change, expected) => {
    expect(() => encodeManifest({ ...manifest, ...change } as never)).toThrow(code(expected));
  });

  // regressions.md 16
  it.each([
    '../x',
    'a/../b',
    './a',
    '/etc/passwd',
    'C:\\x',
    'a\\b',
    'a\0b',
    'a//b',
    'a/',
    '',
    'é.png',
    'a b',
    'con.',
    'x'.repeat(241),
    'a/'.repeat(16) + 'a',
  ])('path traversal and its relatives: %j', (path) => {
    expect(isReleasePath(path)).toBe(false);
    expect(() => encodeManifest({ ...manifest, launch: { ...manifest.launch, path } })).toThrow(
      code('ERR_DOCUMENT_SHAPE'),
    );
  });

  it('unknown keys, other format versions and oversized documents are refused when read', () => {
    const map = new Map(decodeCbor(encodeManifest(manifest)) as Map<number, CborValue>);
    expect(() => parseManifest(encodeCbor(new Map([...map, [99, 1]])))).toThrow(code('ERR_DOCUMENT_SHAPE'));
    expect(() => parseManifest(encodeCbor(new Map([...map, [1, 2]])))).toThrow(code('ERR_DOCUMENT_VERSION'));
    expect(() => parseManifest(encodeCbor(new Map([...map, [12, new Map()]])))).toThrow(
      code('ERR_DOCUMENT_SHAPE'),
    );
    expect(() => parseManifest(new Uint8Array(LIMITS.manifestSizeBytes + 1))).toThrow(
      code('ERR_DOCUMENT_SIZE'),
    );
    expect(() => parseManifest(encodeCbor([1]))).toThrow(code('ERR_DOCUMENT_SHAPE'));
  });
});

describe('an index that no device should meet is refused', () => {
  it.each<[string, object]>([
    [
      'more than 7 days of life',
      { expiresAtSeconds: index.issuedAtSeconds + LIMITS.indexLifetimeSeconds + 1 },
    ],
    ['an end before its start', { expiresAtSeconds: index.issuedAtSeconds }],
    ['a first index with a predecessor', { sequence: 1 }],
    ['a later index without one', { previousSha256Hex: undefined }],
    [
      'releases out of order',
      {
        releases: [
          { ...release, versionCode: 3 },
          { ...release, releaseId: 'r2' },
        ],
      },
    ],
    ['two releases of one version code', { releases: [release, { ...release, releaseId: 'r2' }] }],
    ['two releases of one id', { releases: [release, { ...release, versionCode: 3 }] }],
    ['a rollout above 100 %', { releases: [{ ...release, rolloutBasisPoints: 10_001 }] }],
    ['a rollback target on an active release', { releases: [{ ...release, rollbackTo: 'embedded' }] }],
    [
      'two patches from one base',
      { releases: [{ ...release, patches: [release.patches[0], release.patches[0]] }] },
    ],
    ['a release called embedded', { releases: [{ ...release, releaseId: 'embedded' }] }],
    ['a rule above its weight', { releases: [{ ...release, targeting: { eq: ['a', 'é'.repeat(2030)] } }] }],
    [
      'a rule of very many small parts',
      { releases: [{ ...release, targeting: { in: ['a', Array.from({ length: 600 }, () => true)] } }] },
    ],
    ['a rule that is no text', { releases: [{ ...release, targeting: { eq: ['a', '\udc00'] } }] }],
    ['a rule that is a list', { releases: [{ ...release, targeting: [] }] }],
    ['a rule nested too deep', { releases: [{ ...release, targeting: { a: [[[[[[[[1]]]]]]]] } }] }],
  ])('%s', (_name, change) => {
    expect(() => encodeChannelIndex({ ...index, ...change } as never)).toThrow(code('ERR_DOCUMENT_SHAPE'));
  });

  // regressions.md 26
  it('a release that would make the index too large is refused with the remedy', () => {
    const releases = Array.from({ length: 1000 }, (_, i) => ({
      ...release,
      patches: [...release.patches, { ...release.patches[0], format: 'kvh1' } as never],
      releaseId: `r${i}`,
      versionCode: i + 1,
    }));
    expect(() => encodeChannelIndex({ ...index, releases })).toThrow(/remove old releases/);
    expect(() => encodeChannelIndex({ ...index, releases })).toThrow(code('ERR_DOCUMENT_SIZE'));
  });

  it('10⁶ releases in an index: refused before they are looked at', () => {
    const huge = new Uint8Array(8_000_000).fill(0xa0);
    expect(() => parseChannelIndex(huge)).toThrow(code('ERR_DOCUMENT_SIZE'));
  });
});

describe('a signed document is for one place only', () => {
  it('opens in its own scope', async () => {
    const signed = await signManifest(manifest, signer);
    expect(verifyManifest(signed.envelope, { keys, scope: SCOPE })).toEqual({
      document: manifest,
      kidHex: pair.publicKey.kidHex,
      payload: signed.payload,
    });
    const channel = await signChannelIndex(index, signer);
    expect(verifyChannelIndex(channel.envelope, { keys, scope: SCOPE }).document).toEqual(index);
  });

  // regressions.md 17
  it.each([{ app: 'other' }, { platform: 'ios' as const }, { project: 'evil' }, { channel: 'beta' }])(
    'index of another scope: %j',
    async (change) => {
      const { envelope } = await signChannelIndex({ ...index, ...change }, signer);
      expect(() => verifyChannelIndex(envelope, { keys, scope: SCOPE })).toThrow(code('ERR_DOCUMENT_SCOPE'));
    },
  );

  it('a manifest is not taken for an index, nor the other way round', async () => {
    const { envelope } = await signManifest(manifest, signer);
    expect(() => verifyChannelIndex(envelope, { keys, scope: SCOPE })).toThrow(code('ERR_COSE_TYPE'));
    const channel = await signChannelIndex(index, signer);
    expect(() => verifyManifest(channel.envelope, { keys, scope: SCOPE })).toThrow(code('ERR_COSE_TYPE'));
  });

  it('claims that disagree with the document refuse it', async () => {
    const envelope = await signSign1(encodeManifest(manifest), {
      claims: { issuer: 'acme', subject: 'cafe/ios' },
      signer,
      type: MEDIA_TYPES.manifest,
    });
    expect(() => verifyManifest(envelope, { keys, scope: SCOPE })).toThrow(code('ERR_DOCUMENT_SCOPE'));
  });
});
