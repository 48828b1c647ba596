import { equalBytes } from '@kivyx-ota/core';
import { type CborValue, decodeCbor } from '@kivyx-ota/cose';
import { encodeCbor } from '@kivyx-ota/cose/sign';
import { manifestError } from '../error.ts';

// Tag 98, COSE_Sign, as two bytes.
const TAG = [0xd8, 98] as const;

/**
 * One envelope from several, each signed elsewhere over the same trust root: for root keys that never meet on one machine.
 * Everybody signs the same document with {@link signTrustRoot} and their own key; the envelopes travel, and are merged.
 * A key that signed more than once counts once. Nothing is verified here: verifyRootStep says whether it is enough.
 *
 * @throws ERR_DOCUMENT_SHAPE when an envelope is no COSE_Sign or they are not about the same bytes
 *
 * @example
 * ```ts
 * import { mergeTrustRoots, signTrustRoot } from '@kivyx-ota/manifest/sign';
 * import type { TrustRoot } from '@kivyx-ota/manifest';
 * import type { Signer } from '@kivyx-ota/cose/sign';
 *
 * async function ceremony(root: TrustRoot, ada: Signer, bob: Signer): Promise<Uint8Array> {
 *   const parts = [await signTrustRoot(root, [ada]), await signTrustRoot(root, [bob])];
 *   return mergeTrustRoots(parts.map(({ envelope }) => envelope));
 * }
 * ```
 */
export function mergeTrustRoots(envelopes: readonly Uint8Array[]): Uint8Array {
  const opened = envelopes.map(open);
  const [first] = opened;
  if (first === undefined) throw new RangeError('mergeTrustRoots: at least one envelope is needed');
  const signatures = new Map<string, CborValue>();
  for (const { body, payload, signers } of opened) {
    if (!equalBytes(body, first.body) || !equalBytes(payload, first.payload)) {
      throw manifestError('ERR_DOCUMENT_SHAPE', 'These envelopes do not hold the same trust root');
    }
    // The protected header of a signature is its algorithm and key id, and nothing else.
    for (const signer of signers) {
      const who = String((signer as readonly CborValue[])[0]);
      if (!signatures.has(who)) signatures.set(who, signer);
    }
  }
  const sorted = Array.from(signatures.entries()).sort(([a], [b]) => (a < b ? -1 : 1));
  const cose = encodeCbor([first.body, new Map(), first.payload, sorted.map(([, signer]) => signer)]);
  return Uint8Array.of(...TAG, ...cose);
}

function open(envelope: Uint8Array): {
  body: Uint8Array;
  payload: Uint8Array;
  signers: readonly CborValue[];
} {
  const tagged = envelope[0] === TAG[0] && envelope[1] === TAG[1];
  const value = decodeCbor(tagged ? envelope.subarray(2) : envelope);
  const [body, , payload, signers] = Array.isArray(value) ? (value as readonly CborValue[]) : [];
  if (!(body instanceof Uint8Array && payload instanceof Uint8Array && Array.isArray(signers))) {
    throw manifestError('ERR_DOCUMENT_SHAPE', 'Expected a COSE_Sign envelope of a trust root');
  }
  return { body, payload, signers: signers as readonly CborValue[] };
}
