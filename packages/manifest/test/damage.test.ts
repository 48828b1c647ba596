// Documents with something changed: refused by a typed error, or read and written again to the same bytes. Nothing between.
import { isOtaError } from '@kivyx-ota/core';
import { decodeCbor } from '@kivyx-ota/cose';
import { createLocalSigner, encodeCbor, generateKeyPair } from '@kivyx-ota/cose/sign';
import { parseChannelIndex, parseManifest, verifyChannelIndex, verifyManifest } from '@kivyx-ota/manifest';
import { encodeChannelIndex, encodeManifest, signChannelIndex, signManifest } from '@kivyx-ota/manifest/sign';
import { describe, expect, it } from 'vitest';
import { index, manifest, SCOPE } from './samples.ts';

// CI runs 10^6 over all four (MUTATIONS); 10^7 on demand.
const RUNS = Math.floor(Number(process.env['MUTATIONS'] ?? 100_000) / 4);

function createMutator(seed: number): (bytes: Uint8Array) => Uint8Array {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
  const INTERESTING = [
    0x00, 0x17, 0x18, 0x1b, 0x20, 0x40, 0x5f, 0x60, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xd2, 0xf4, 0xf9,
    0xfb, 0xff,
  ];
  return (bytes) => {
    let out: Uint8Array = bytes.slice();
    for (let n = random(3); n >= 0; n--) {
      const at = random(out.length);
      const kind = random(6);
      if (kind === 0) out[at] = (out[at] as number) ^ (1 << random(8));
      else if (kind === 1) out[at] = INTERESTING[random(INTERESTING.length)] as number;
      else if (kind === 2) out = out.slice(0, Math.max(1, at));
      else if (kind === 3) out = concat(out.subarray(0, at), Uint8Array.of(random(256)), out.subarray(at));
      else if (kind === 4)
        out = concat(out.subarray(0, at), out.subarray(Math.min(out.length, at + 1 + random(8))));
      else out = concat(out.subarray(0, at), out.subarray(at, at + random(20)), out.subarray(at));
      if (out.length === 0) out = Uint8Array.of(random(256));
    }
    return out;
  };
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** What the work came to; anything but a typed error fails the test. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isOtaError(error)) throw error;
    return undefined;
  }
}

const pair = generateKeyPair();
const signer = createLocalSigner(pair.privateKeyPem);
const trust = { keys: [pair.publicKey], scope: SCOPE };

describe.each([
  ['manifest', encodeManifest(manifest), parseManifest, encodeManifest],
  ['channel index', encodeChannelIndex(index), parseChannelIndex, encodeChannelIndex],
] as const)('a damaged %s', (_name, payload, parse, encode) => {
  it(`is refused, or is read and written to the same bytes (${RUNS} times)`, () => {
    const mutate = createMutator(payload.length);
    let read = 0;
    for (let run = 0; run < RUNS; run++) {
      const damaged = mutate(payload);
      const value = attempt(() => decodeCbor(damaged));
      if (value !== undefined && Buffer.compare(encodeCbor(value), damaged) !== 0) {
        throw new Error(
          `run ${run}: decodes, but encodes to other bytes: ${Buffer.from(damaged).toString('hex')}`,
        );
      }
      const document = attempt(() => parse(damaged));
      if (document === undefined) continue;
      read++;
      if (Buffer.compare(encode(document as never), damaged) !== 0) {
        throw new Error(
          `run ${run}: is read, but written to other bytes: ${Buffer.from(damaged).toString('hex')}`,
        );
      }
    }
    // Some changes only make another valid document; if there were none, nothing would have been tested.
    expect(read).toBeGreaterThan(0);
  }, 600_000);
});

describe.each([
  ['manifest', signManifest, manifest, verifyManifest],
  ['channel index', signChannelIndex, index, verifyChannelIndex],
] as const)('a damaged signed %s', (_name, sign, document, verify) => {
  it(`is refused with a typed error, or is the one that was signed (${RUNS} times)`, async () => {
    const { envelope } = await (sign as typeof signManifest)(document as never, signer);
    const mutate = createMutator(envelope.length + 1);
    const whole = JSON.stringify((verify as typeof verifyManifest)(envelope, trust as never));
    for (let run = 0; run < RUNS; run++) {
      const damaged = mutate(envelope);
      const verified = attempt(() => (verify as typeof verifyManifest)(damaged, trust as never));
      // The tag before a COSE_Sign1 may be there or not; it is not signed, and says nothing that is not checked otherwise.
      const same = [envelope, envelope.subarray(1)].some((one) => Buffer.compare(damaged, one) === 0);
      if (verified !== undefined && !same) {
        throw new Error(
          `run ${run}: another envelope verifies (${whole.length} characters): ${Buffer.from(damaged).toString('hex')}`,
        );
      }
    }
    expect(attempt(() => (verify as typeof verifyManifest)(envelope, trust as never))).toBeDefined();
  }, 1_200_000);
});
