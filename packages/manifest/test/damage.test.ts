// Documents, envelopes and keys with something changed: refused by a typed error, or read and written again to the same bytes. Nothing
// between; no input takes long, none leaves memory behind.
import { isOtaError } from '@kivyx-ota/core';
import { type CborValue, decodeCbor, parsePublicKey, type PublicKey } from '@kivyx-ota/cose';
import { encodeCbor, exportPublicKey } from '@kivyx-ota/cose/sign';
import {
  openInitialRoot,
  parseChannelIndex,
  parseManifest,
  parseTrustRoot,
  verifyChannelIndex,
  verifyManifest,
  verifyRootStep,
} from '@kivyx-ota/manifest';
import {
  encodeChannelIndex,
  encodeManifest,
  encodeTrustRoot,
  signChannelIndex,
  signManifest,
} from '@kivyx-ota/manifest/sign';
import { describe, expect, it } from 'vitest';
import { pairOf, sampleRoot, signerOf, signRoot } from './root-samples.ts';
import { index, manifest, SCOPE } from './samples.ts';

// CI runs 10^6 over all of them (MUTATIONS); 10^7 on demand.
const MUTATIONS = Number(process.env['MUTATIONS'] ?? 30_000);
/** More than the slowest input may take of one processor, by far; a quadratic one would pass it. */
const MAX_MS = 2000;
const MAX_HEAP_BYTES = 256 * 1024 * 1024;

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

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** One kind of input. */
interface Target {
  readonly name: string;
  /** How much of all mutations it gets. */
  readonly weight: number;
  readonly good: () => Promise<Uint8Array> | Uint8Array;
  /** Makes the damaged input from the good one; by default anywhere in its bytes. */
  readonly damage?: (good: Uint8Array, mutate: (bytes: Uint8Array) => Uint8Array) => Uint8Array;
  /** Reads an input (throws a typed error where it refuses it) and gives all inputs that may be read like that. */
  readonly spellings: (input: Uint8Array, good: Uint8Array) => readonly Uint8Array[];
  /** For envelopes and keys no other input may be read; of payloads some changes make another valid document. */
  readonly mayRead?: boolean;
}

const payload = (name: string, good: Uint8Array, rewrite: (bytes: Uint8Array) => Uint8Array): Target => ({
  good: () => good,
  mayRead: true,
  name: `payload of a ${name}`,
  spellings: (input) => {
    const value = attempt(() => decodeCbor(input));
    // Before any schema: what the CBOR profile reads has one spelling.
    if (value !== undefined && !same(encodeCbor(value), input)) return [];
    return [rewrite(input)];
  },
  weight: 2,
});

/** A change inside one part of an envelope, whose lengths are then right again: damage that reaches deeper. */
function damagePart(envelope: Uint8Array, mutate: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const tagSize = envelope[0] === 0xd2 ? 1 : 2;
  const parts = [...(decodeCbor(envelope.subarray(tagSize)) as readonly CborValue[])];
  const which = (mutate(Uint8Array.of(0, 1, 2, 3))[0] as number) % 4;
  if (which === 0 || which === 2) parts[which] = mutate(parts[which] as Uint8Array);
  // Any label of one byte: none of them may stand unprotected.
  else if (which === 1)
    parts[1] = new Map([[mutate(Uint8Array.of(4))[0] as number, mutate(Uint8Array.of(1))]]);
  else if (parts[3] instanceof Uint8Array) parts[3] = mutate(parts[3]);
  else {
    const signers = (parts[3] as readonly (readonly CborValue[])[]).map((signer) => [...signer]);
    const at = (mutate(Uint8Array.of(0, 1))[0] as number) % signers.length;
    const signer = signers[at] as CborValue[];
    const part = (mutate(Uint8Array.of(0, 1))[0] as number) % 2 === 0 ? 0 : 2;
    signer[part] = mutate(signer[part] as Uint8Array);
    parts[3] = signers;
  }
  const rest = attempt(() => encodeCbor(parts)) ?? envelope;
  return concat(envelope.subarray(0, tagSize), rest);
}

const envelope = (
  name: string,
  good: () => Promise<Uint8Array>,
  verify: (envelope: Uint8Array) => unknown,
): readonly Target[] =>
  [undefined, damagePart].map((damage) => ({
    ...(damage === undefined ? {} : { damage }),
    good,
    name: `${name}, ${damage === undefined ? 'anywhere' : 'inside its parts'}`,
    // The tag before an envelope may be there or not; it is not signed, and says nothing that is not checked otherwise.
    spellings: (input, whole) => {
      verify(input);
      return [whole, whole.subarray(whole[0] === 0xd2 ? 1 : 2)];
    },
    weight: 1,
  }));

const key = (
  name: string,
  good: Uint8Array,
  rewrite: (key: PublicKey, input: Uint8Array) => Uint8Array,
): Target => ({
  good: () => good,
  mayRead: true,
  name: `key as ${name}`,
  spellings: (input) => [rewrite(parsePublicKey(input), input)],
  weight: 1,
});

const trust = (i: number) => ({ keys: [pairOf(i).publicKey], scope: SCOPE });
const first = sampleRoot(1, [0, 1], 2);
const second = sampleRoot(2, [0, 1], 2);
const spelled = exportPublicKey(pairOf(0).publicKey);
const utf8 = new TextDecoder();

const TARGETS: readonly Target[] = [
  payload('manifest', encodeManifest(manifest), (bytes) => encodeManifest(parseManifest(bytes))),
  payload('channel index', encodeChannelIndex(index), (bytes) =>
    encodeChannelIndex(parseChannelIndex(bytes)),
  ),
  payload('trust root', encodeTrustRoot(second), (bytes) => encodeTrustRoot(parseTrustRoot(bytes))),
  ...envelope(
    'a signed manifest',
    async () => (await signManifest(manifest, signerOf(6))).envelope,
    (bytes) => verifyManifest(bytes, trust(6)),
  ),
  ...envelope(
    'a signed channel index',
    async () => (await signChannelIndex(index, signerOf(7))).envelope,
    (bytes) => verifyChannelIndex(bytes, trust(7)),
  ),
  ...envelope(
    'the next trust root',
    () => signRoot(second, [0, 1]),
    (bytes) => verifyRootStep(first, bytes),
  ),
  ...envelope(
    'the first trust root',
    () => signRoot(first, [0, 1]),
    (bytes) => openInitialRoot(bytes),
  ),
  key('SubjectPublicKeyInfo', spelled.spki, (one) => exportPublicKey(one).spki),
  // Unknown labels and either number of the algorithm are allowed in a COSE_Key; in a trust root they are not.
  key('COSE_Key', spelled.coseKey, (one, input) => {
    const map = new Map(decodeCbor(input) as ReadonlyMap<number, CborValue>);
    return encodeCbor(map.set(-2, one.raw.slice(1, 33)).set(-3, one.raw.slice(33)));
  }),
  key('a point', pairOf(0).publicKey.raw, (one, input) =>
    input.length === 65
      ? one.raw
      : concat(Uint8Array.of(2 + ((one.raw[64] as number) & 1)), one.raw.slice(1, 33)),
  ),
  {
    good: () => new TextEncoder().encode(spelled.pem),
    name: 'key as PEM',
    // Blanks, line breaks and what stands around the block may change; the key may not.
    mayRead: true,
    spellings: (input) => {
      const read = parsePublicKey(utf8.decode(input));
      return read.kidHex === pairOf(0).publicKey.kidHex ? [input] : [];
    },
    weight: 1,
  },
];
const WEIGHTS = TARGETS.reduce((sum, { weight }) => sum + weight, 0);

describe('something damaged', () => {
  it.each(TARGETS)(
    '$name: refused with a typed error, or read and written to the same bytes',
    async ({ damage, good: makeGood, mayRead, name, spellings, weight }) => {
      const good = await makeGood();
      const mutate = createMutator(good.length);
      const runs = Math.ceil((MUTATIONS * weight) / WEIGHTS);
      expect(spellings(good, good).some((one) => same(one, good))).toBe(true);
      const heapBefore = process.memoryUsage().heapUsed;
      let [read, slowestMs] = [0, 0];
      for (let run = 0; run < runs; run++) {
        const input = damage === undefined ? mutate(good) : damage(good, mutate);
        const before = process.cpuUsage();
        const allowed = attempt(() => spellings(input, good));
        slowestMs = Math.max(slowestMs, process.cpuUsage(before).user / 1000);
        if (allowed === undefined) continue;
        if (!same(input, good)) read++;
        if (!allowed.some((one) => same(one, input)))
          throw new Error(
            `run ${run}: ${name} is read but spelled otherwise: ${Buffer.from(input).toString('hex')}`,
          );
      }
      console.log(
        `${name}: ${runs} inputs, ${read} of them another valid one; the slowest ${slowestMs.toFixed(1)} ms`,
      );
      expect(slowestMs).toBeLessThan(MAX_MS);
      expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(MAX_HEAP_BYTES);
      // Some changes of a payload only make another valid document; if there were none, nothing would have been tested.
      if (mayRead === true && name.startsWith('payload')) expect(read).toBeGreaterThan(0);
    },
    7_200_000,
  );
});
