import { equalBytes } from '@kivyx-ota/core';
import { parsePublicKey, type PublicKey, type SignatureAlgorithm } from '@kivyx-ota/cose';
import { type DocumentKind, parseDocument } from '../shape/document.ts';
import { identifier, integer, list, record, type Shape } from '../shape/shape.ts';
import { coseKeyOf } from '../shape/cose-key.ts';
import { isSorted } from '../shape/is-sorted.ts';
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

const sorted = (max: number, of: Shape, min = 0): Shape =>
  list<string>(of, min, max, [isSorted, 'a sorted list, each once']);

/** Everything known about this kind of document; the sign entry encodes with it. */
export const TRUST_ROOT: DocumentKind<TrustRootDocument> = /* @__PURE__ */ (() => {
  const kids = sorted(LIMITS.rootKeys, { kind: 'hex', size: 16 }, 1);
  // Release and index documents carry one signature.
  const single = { kidHexes: [1, kids], threshold: [2, integer(1, 1)] } as const;
  return {
    maxSizeBytes: LIMITS.rootSizeBytes,
    name: 'trust root',
    shape: record<TrustRootDocument>(
      {
        project: [2, identifier],
        version: [3, integer(1)],
        issuedAtSeconds: [4, integer(0)],
        expiresAtSeconds: [5, integer(0)],
        keys: [6, list({ kind: 'bytes' }, 1, LIMITS.rootKeys)],
        roles: [
          7,
          record<TrustRoot['roles']>({
            root: [
              1,
              record<RoleKeys>({ ...single, threshold: [2, integer(1, LIMITS.rootThreshold)] }, [
                ({ kidHexes, threshold }) => threshold <= kidHexes.length,
                'a threshold of at most the number of keys',
              ]),
            ],
            release: [2, record<RoleKeys>(single)],
            index: [
              3,
              list(
                record<IndexRole>({ ...single, channels: [3, sorted(Infinity, identifier, 1), 'optional'] }),
                1,
                LIMITS.rootKeys,
              ),
            ],
          }),
        ],
        revokedReleaseIds: [8, sorted(LIMITS.releases, identifier)],
      },
      [
        ({ issuedAtSeconds, expiresAtSeconds }) => expiresAtSeconds > issuedAtSeconds,
        'an end after its beginning',
      ],
    ),
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
