import { concatBytes, OtaError } from '@kivyx-ota/core';
import { verifySignature } from '../algorithm/verify-signature.ts';
import { algorithmOf } from './all-algorithms.ts';
import { encodeCbor } from '../cbor/encode.ts';
import type { CborValue } from '../cbor/value.ts';
import { CLAIM, HEADER, TAG } from '../labels.ts';
import type { Claims } from '../protected-header.ts';
import { sigStructure } from '../sig-structure.ts';
import type { Signer } from './signer.ts';

const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** What goes into the protected header of a signed document. */
export interface DocumentHeader {
  /** Media type of the document: `typ` (RFC 9596). */
  readonly type: string;
  readonly claims?: Claims;
  readonly contentType?: string;
}

/** {@link signSign1}'s options. */
export interface SignSign1Options extends DocumentHeader {
  readonly signer: Signer;
  /** Leave the payload out of the envelope. */
  readonly detached?: boolean;
  readonly externalAad?: Uint8Array;
}

/**
 * Signs `payload` as a tagged COSE_Sign1 in the profile that {@link verifySign1} accepts. The signature is
 * verified before anything is returned, so that a signer with a wrong key is found here and not on devices.
 *
 * @throws ERR_COSE_SIGNATURE when the signer's answer does not verify with its own public key
 */
export async function signSign1(payload: Uint8Array, options: SignSign1Options): Promise<Uint8Array> {
  const { signer } = options;
  const protectedBytes = encodeCbor(new Map([...bodyHeader(options), ...signerHeader(signer)]));
  const signed = sigStructure('Signature1', protectedBytes, options.externalAad ?? EMPTY, payload);
  const signature = await checkedSignature(signer, signed);
  const body = encodeCbor([protectedBytes, new Map(), options.detached === true ? null : payload, signature]);
  return concatBytes(Uint8Array.of(0xc0 | TAG.sign1), body);
}

/** {@link signThreshold}'s options. */
export interface SignThresholdOptions extends DocumentHeader {
  /** Each signs once; order is kept. */
  readonly signers: readonly Signer[];
}

/**
 * Signs `payload` as a tagged COSE_Sign with one signature per signer: the form that
 * {@link verifyThreshold} accepts.
 *
 * @throws ERR_COSE_SIGNATURE when a signer's answer does not verify with its own public key
 */
export async function signThreshold(payload: Uint8Array, options: SignThresholdOptions): Promise<Uint8Array> {
  if (options.signers.length === 0) throw new RangeError('signThreshold: at least one signer is needed');
  const bodyProtected = encodeCbor(new Map(bodyHeader(options)));
  const signatures: CborValue[] = [];
  for (const signer of options.signers) {
    const signerProtected = encodeCbor(new Map(signerHeader(signer)));
    const signed = sigStructure('Signature', bodyProtected, signerProtected, EMPTY, payload);
    signatures.push([signerProtected, new Map(), await checkedSignature(signer, signed)]);
  }
  const body = encodeCbor([bodyProtected, new Map(), payload, signatures]);
  return concatBytes(Uint8Array.of(0xd8, TAG.sign), body);
}

async function checkedSignature(signer: Signer, signed: Uint8Array): Promise<Uint8Array> {
  const signature = await signer.sign(signed);
  const key = await signer.publicKey();
  if (!verifySignature(key, signed, signature)) {
    throw new OtaError(
      'ERR_COSE_SIGNATURE',
      `The signer's answer${wrongForm(signature)} does not verify with its public key ${key.kidHex}; nothing was signed`,
      {
        details: { kidHex: key.kidHex },
      },
    );
  }
  return signature;
}

/** What most services answer with is DER. */
function wrongForm(signature: Uint8Array): string {
  if (signature.length === 64) return '';
  const der = signature[0] === 0x30 ? ', DER by its first byte (signatureFromDer reads it)' : '';
  return ` has ${signature.length} bytes, not 64${der}, and`;
}

function signerHeader(signer: Signer): [number, CborValue][] {
  return [
    [HEADER.alg, algorithmOf(signer.alg).ids[0] as number],
    [HEADER.kid, signer.kid],
  ];
}

function bodyHeader({ type, claims, contentType }: DocumentHeader): [number, CborValue][] {
  const header: [number, CborValue][] = [[HEADER.typ, type]];
  if (contentType !== undefined) header.push([HEADER.contentType, contentType]);
  const entries: [number, CborValue][] = [];
  if (claims?.issuer !== undefined) entries.push([CLAIM.iss, claims.issuer]);
  if (claims?.subject !== undefined) entries.push([CLAIM.sub, claims.subject]);
  if (entries.length > 0) header.push([HEADER.cwtClaims, new Map(entries)]);
  return header;
}
