import { equalBytes } from '@kivyx-ota/core';
import { parsePublicKey, type PublicKey, type SignatureAlgorithm } from '@kivyx-ota/cose';
import * as v from 'valibot';
import { hexBytes, list, plain, record } from '../codec/codec.ts';
import { type DocumentKind, parseDocument } from '../codec/document.ts';
import { identifier, integer, kid } from '../codec/schemas.ts';
import { coseKeyOf } from '../codec/cose-key.ts';
import { isSorted } from '../codec/is-sorted.ts';
import { manifestError } from '../error.ts';
import { LIMITS } from '../limits.ts';

/** The keys of a role and how many of them must sign. */
export interface RoleKeys {
  readonly kidHexes: readonly string[];
  /** For release and index always 1: their documents carry one signature. */
  readonly threshold: number;
}

/** Keys of the index role, for all channels or for the ones named. */
export interface IndexRole extends RoleKeys {
  readonly channels?: readonly string[];
}

/** Who may sign what. Signed by offline keys; version n is embedded in the app. */
export interface TrustRoot {
  readonly project: string;
  readonly version: number;
  readonly issuedAtSeconds: number;
  readonly expiresAtSeconds: number;
  /** By key id; the writer sorts them, and all lists of ids. */
  readonly keys: readonly PublicKey[];
  readonly roles: {
    readonly root: RoleKeys;
    readonly release: RoleKeys;
    readonly index: readonly IndexRole[];
  };
  /** Releases that no device may run, whatever an index says. */
  readonly revokedReleaseIds: readonly string[];
}

/** A root as it is coded: keys are COSE_Keys. */
export interface TrustRootDocument extends Omit<TrustRoot, 'keys'> {
  readonly keys: readonly Uint8Array[];
}

/** Everything known about this kind of document; the sign entry encodes with it. */
export const TRUST_ROOT: DocumentKind<TrustRootDocument> = /* @__PURE__ */ (() => {
  const kids = v.pipe(
    v.array(kid),
    v.minLength(1),
    v.maxLength(LIMITS.rootKeys),
    v.check((list) => isSorted(list), 'key ids are sorted, each once'),
  );
  const single = {
    kidHexes: kids,
    threshold: v.literal(1, 'release and index documents carry one signature: threshold 1'),
  };
  const schema = v.pipe(
    v.strictObject({
      formatVersion: v.literal(1),
      project: identifier,
      version: integer(1),
      issuedAtSeconds: integer(0),
      expiresAtSeconds: integer(0),
      keys: v.pipe(v.array(v.instance(Uint8Array)), v.minLength(1), v.maxLength(LIMITS.rootKeys)),
      roles: v.strictObject({
        root: v.pipe(
          v.strictObject({ kidHexes: kids, threshold: integer(1, LIMITS.rootThreshold) }),
          v.check(
            ({ kidHexes, threshold }) => threshold <= kidHexes.length,
            'the threshold is larger than the number of root keys',
          ),
        ),
        release: v.strictObject(single),
        index: v.pipe(
          v.array(
            v.strictObject({
              ...single,
              channels: v.exactOptional(
                v.pipe(
                  v.array(identifier),
                  v.minLength(1),
                  v.check((list) => isSorted(list), 'channels are sorted, each once'),
                ),
              ),
            }),
          ),
          v.minLength(1),
          v.maxLength(LIMITS.rootKeys),
        ),
      }),
      revokedReleaseIds: v.pipe(
        v.array(identifier),
        v.maxLength(LIMITS.releases),
        v.check((list) => isSorted(list), 'revoked releases are sorted, each once'),
      ),
    }),
    v.check(
      ({ issuedAtSeconds, expiresAtSeconds }) => expiresAtSeconds > issuedAtSeconds,
      'a root expires after it was issued',
    ),
    v.transform(({ formatVersion: _formatVersion, ...root }): TrustRootDocument => root as TrustRootDocument),
  );
  const role = { kidHexes: [1, list(hexBytes)], threshold: 2 } as const;
  return {
    codec: record({
      formatVersion: 1,
      project: 2,
      version: 3,
      issuedAtSeconds: 4,
      expiresAtSeconds: 5,
      keys: [6, list(plain)],
      roles: [
        7,
        record({
          root: [1, record(role)],
          release: [2, record(role)],
          index: [3, list(record({ ...role, channels: 3 }))],
        }),
      ],
      revokedReleaseIds: 8,
    }),
    maxSizeBytes: LIMITS.rootSizeBytes,
    name: 'trust root',
    schema: schema as v.GenericSchema<unknown, TrustRootDocument>,
  };
})();

/**
 * The trust root inside `payload` (untrusted; its signatures are a matter of verifyRootStep). A key whose algorithm is not among
 * `algorithms` (default ES256) refuses it.
 *
 * @throws ERR_DOCUMENT_SIZE, ERR_DOCUMENT_VERSION, ERR_DOCUMENT_SHAPE, ERR_KEY_…, ERR_CBOR_…
 * @throws ERR_ROOT_ROLE when a role names a key that is not there, or keys are not sorted
 */
export function parseTrustRoot(payload: Uint8Array, algorithms?: readonly SignatureAlgorithm[]): TrustRoot {
  return resolveKeys(parseDocument(TRUST_ROOT, payload), algorithms);
}

/** Reads the keys of a checked document and compares the roles with them. */
export function resolveKeys(
  document: TrustRootDocument,
  algorithms?: readonly SignatureAlgorithm[],
): TrustRoot {
  const keys = document.keys.map((bytes) => {
    const key = parsePublicKey(bytes, algorithms);
    if (!equalBytes(bytes, coseKeyOf(key))) {
      throw manifestError(
        'ERR_DOCUMENT_SHAPE',
        `trust root: key ${key.kidHex} is not spelled as a plain COSE_Key`,
      );
    }
    return key;
  });
  const known = new Set(keys.map(({ kidHex }) => kidHex));
  if (!isSorted(keys.map(({ kidHex }) => kidHex)))
    throw manifestError('ERR_ROOT_ROLE', 'trust root: keys are sorted by key id, each once');
  const { root, release, index } = document.roles;
  for (const { kidHexes } of [root, release, ...index]) {
    for (const kidHex of kidHexes) {
      if (!known.has(kidHex))
        throw manifestError(
          'ERR_ROOT_ROLE',
          `trust root: a role names key ${kidHex}, which is not among the keys`,
          { kidHex },
        );
    }
  }
  return { ...document, keys };
}
