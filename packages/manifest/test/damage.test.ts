// Documents, envelopes and keys with something changed: refused by a typed error, or read and written again to the same bytes. Nothing
// between; no input takes long, none leaves memory behind.
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
import { attempt, concat, itIsReadOneWay, same, type Target } from '../../core/test/suite/damage.ts';
import { pairOf, sampleRoot, signerOf, signRoot } from './root-samples.ts';
import { index, manifest, SCOPE } from './samples.ts';

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

itIsReadOneWay(TARGETS);
