// The device entry contains no signing, diffing or encoding code: held by the modules of a real bundle, and shown to fail.
import { describe, expect, it } from 'vitest';
import { bundleDevice, DEVICE_ENTRY, type DeviceBundle, partsOf } from './device-bundle.ts';

/** Modules of ours that may not even be reachable: Metro, unlike esbuild, drops nothing that is imported. */
const PUBLISHING: readonly (readonly [RegExp, string])[] = [
  [/^packages\/cose\/src\/(sign\.ts|signing\/)/, 'signing'],
  [/^packages\/manifest\/src\/(sign|inspect)(\.ts|\/)/, 'signing'],
  [/^packages\/cose\/src\/cbor\/encode/, 'CBOR encoding'],
  [/^cbor-x\//, 'CBOR encoding'],
  [/^packages\/delta\/src\/(diff|generic\/(differ|encode|suffix-array)|modelled\/encode)/, 'diffing'],
  [/^packages\/delta\/src\/hermes\/(encode|find-difference|range-encoder)/, 'diffing'],
  [
    /^packages\/cose\/src\/ed25519\.ts$|^@noble\/curves\/(ed25519|abstract\/edwards)\.js$/,
    'opt-in (Ed25519)',
  ],
  [/^@noble\/curves\/nist\.js$/, 'signing'],
  [/^packages\/(publisher|storage|conformance|cli|server)\//, 'publishing'],
];

/** Reachable through noble's own imports, but nothing of it may be left: ECDSA signing needs both. */
const DROPPED = /^@noble\/(hashes\/hmac|curves\/abstract\/der)\.js$/;

/** Everything else that may be there at all. */
const PACKAGES = [
  '@noble/curves',
  '@noble/hashes',
  'packages/client',
  'packages/core',
  'packages/cose',
  'packages/delta',
  'packages/lifecycle',
  'packages/manifest',
  'packages/rollout',
];

function violations(bundle: DeviceBundle): readonly string[] {
  const found: string[] = [];
  for (const [path, size] of bundle.modules) {
    for (const [pattern, what] of PUBLISHING) if (pattern.test(path)) found.push(`${what}: ${path}`);
    if (DROPPED.test(path) && size > 0) found.push(`signing: ${path}, ${size} bytes`);
  }
  // Names of noble's options and methods outlive minification: its module of curves holds signing beside points.
  const names = /extraEntropy|randomSecretKey|createHmacDrbg/.exec(bundle.text);
  if (names !== null) found.push(`signing: the bundle says ${names[0]}`);
  for (const [name, size] of partsOf(bundle))
    if (size > 0 && !PACKAGES.includes(name)) found.push(`another package: ${name}`);
  return found;
}

// What @kivyx-ota/cose could import, seen from here.
const NOBLE = '../../cose/node_modules/@noble/curves';

describe('the device bundle', () => {
  it('contains no signing, no diffing, no CBOR encoding, and no package beyond the listed ones', async () => {
    const bundle = await bundleDevice(DEVICE_ENTRY);
    const rows = partsOf(bundle).map(([name, size]) => `${String(size).padStart(8)}  ${name}`);
    console.log(
      `device bundle: ${bundle.minifiedBytes} bytes minified, ${bundle.gzipBytes} with gzip\n${rows.join('\n')}`,
    );
    expect(violations(bundle)).toEqual([]);
  });

  it.each([
    ['signing', `export { signSign1 } from '@kivyx-ota/cose/sign';`],
    ['signing', `export { signManifest } from '@kivyx-ota/manifest/sign';`],
    ['signing', `export { p256 } from '${NOBLE}/nist.js';`],
    [
      'signing',
      `import { ecdsa, weierstrass } from '${NOBLE}/abstract/weierstrass.js'; export { ecdsa, weierstrass };`,
    ],
    ['CBOR encoding', `export { encodeCbor } from '@kivyx-ota/cose/sign';`],
    ['CBOR encoding', `export { Decoder } from '../../cose/node_modules/cbor-x/decode.js';`],
    ['diffing', `export { createPatch } from '@kivyx-ota/delta/diff';`],
    ['opt-in', `export { ed25519 } from '@kivyx-ota/cose/ed25519';`],
    ['publishing', `export { createPublisher } from '@kivyx-ota/publisher';`],
    ['another package', `export * as check from '../../../node_modules/fast-check';`],
  ])('would be caught with %s: %s', async (what, planted) => {
    expect(violations(await bundleDevice(`${DEVICE_ENTRY}\n${planted}`))).toEqual(
      expect.arrayContaining([expect.stringContaining(what)]),
    );
  });
});
