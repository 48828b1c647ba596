import {
  parsePublicKey,
  type PublicKey,
  type PublicKeyInput,
  readUnverifiedPayload,
  type SignatureAlgorithm,
  verifyThreshold,
} from '@kivyx-ota/cose';
import { parseTrustRoot, type RoleKeys, type TrustRoot } from './documents/trust-root.ts';
import { manifestError } from './error.ts';
import { LIMITS } from './limits.ts';
import { MEDIA_TYPES } from './media-types.ts';
import { checkClaims, checkEnvelopeSize } from './verify.ts';

/** `sub` claim of a trust root. */
export const ROOT_SUBJECT = 'trust-root';

/** Whose keys the reader understands; default ES256 alone. A root with a key of another algorithm is refused. */
type Algorithms = readonly SignatureAlgorithm[];

/** The roles that sign documents for devices. */
export type SigningRole = 'index' | 'release';

/**
 * The keys that may sign for `role`; for the index role those without channels and those that name `channel`.
 */
export function keysForRole(root: TrustRoot, role: SigningRole, channel?: string): readonly PublicKey[] {
  const roles: readonly (RoleKeys & { readonly channels?: readonly string[] })[] =
    role === 'release' ? [root.roles.release] : root.roles.index;
  const kids = new Set<string>();
  for (const { kidHexes, channels } of roles) {
    if (channels === undefined || (channel !== undefined && channels.includes(channel)))
      kidHexes.forEach((kidHex) => kids.add(kidHex));
  }
  return root.keys.filter(({ kidHex }) => kids.has(kidHex));
}

/**
 * A root for teams that start with one or a few keys: every key may sign for every role. It has version 0, so the
 * first real root (version 1) can follow it by the ordinary rule, signed by one of these keys.
 */
export function rootFromKeys(
  project: string,
  inputs: readonly PublicKeyInput[],
  algorithms?: Algorithms,
): TrustRoot {
  const keys = inputs.map((input) => parsePublicKey(input, algorithms));
  if (keys.length === 0) throw new RangeError('rootFromKeys: at least one key is needed');
  const kidHexes = Array.from(new Set(keys.map(({ kidHex }) => kidHex))).sort();
  const role = { kidHexes, threshold: 1 };
  return {
    expiresAtSeconds: Number.MAX_SAFE_INTEGER,
    issuedAtSeconds: 0,
    keys,
    project,
    revokedReleaseIds: [],
    roles: { index: [role], release: role, root: role },
    version: 0,
  };
}

/**
 * The root in `envelope` (untrusted) as the successor of `current`: version exactly one higher, same project, signed by
 * the root threshold of the current **and** of the new one (TUF §5.3.4). Expiry is not looked at here: a device that
 * was off for a year walks through expired steps.
 *
 * @throws ERR_ROOT_VERSION, ERR_COSE_THRESHOLD and the other ERR_COSE_…, ERR_DOCUMENT_…
 */
export function verifyRootStep(current: TrustRoot, envelope: Uint8Array, algorithms?: Algorithms): TrustRoot {
  checkEnvelopeSize(envelope, LIMITS.rootSizeBytes);
  const byCurrent = verifyThreshold(envelope, rootRole(current));
  const next = parseTrustRoot(byCurrent.payload, algorithms);
  if (next.version !== current.version + 1) {
    throw manifestError('ERR_ROOT_VERSION', `Root version ${next.version} cannot follow ${current.version}`, {
      current: current.version,
      next: next.version,
    });
  }
  if (next.project !== current.project) {
    throw manifestError(
      'ERR_DOCUMENT_SCOPE',
      `This root is for project ${next.project}, expected ${current.project}`,
      { project: next.project },
    );
  }
  checkClaims(byCurrent.claims, next.project, ROOT_SUBJECT);
  verifyThreshold(envelope, rootRole(next));
  return next;
}

/**
 * The root that the embedded first envelope holds: signed by its own threshold. Its trust comes from where it is stored.
 *
 * @throws ERR_COSE_…, ERR_DOCUMENT_…
 */
export function openInitialRoot(envelope: Uint8Array, algorithms?: Algorithms): TrustRoot {
  checkEnvelopeSize(envelope, LIMITS.rootSizeBytes);
  // The keys come from the very payload they sign: allowed only because the app ships these bytes.
  const unverifiedRoot = parseTrustRoot(readUnverifiedPayload(envelope), algorithms);
  const { claims, payload } = verifyThreshold(envelope, rootRole(unverifiedRoot));
  const root = parseTrustRoot(payload, algorithms);
  checkClaims(claims, root.project, ROOT_SUBJECT);
  return root;
}

/**
 * Walks from the trusted root over `envelopes` (untrusted, in order). At most 32 steps; only the last one's expiry counts.
 *
 * @throws ERR_ROOT_CHAIN when there are more steps, ERR_ROOT_EXPIRED, and those of {@link verifyRootStep}
 */
export function walkRootChain(
  trusted: TrustRoot,
  envelopes: readonly Uint8Array[],
  nowSeconds: number,
  algorithms?: Algorithms,
): TrustRoot {
  if (envelopes.length > LIMITS.rootSteps) {
    throw manifestError(
      'ERR_ROOT_CHAIN',
      `${envelopes.length} root steps at once, at most ${LIMITS.rootSteps}; update the app`,
      { steps: envelopes.length },
    );
  }
  const last = envelopes.reduce((root, envelope) => verifyRootStep(root, envelope, algorithms), trusted);
  checkRootExpiry(last, nowSeconds);
  return last;
}

/** @throws ERR_ROOT_EXPIRED */
export function checkRootExpiry(root: TrustRoot, nowSeconds: number): void {
  if (nowSeconds >= root.expiresAtSeconds) {
    throw manifestError(
      'ERR_ROOT_EXPIRED',
      `Trust root ${root.version} expired at ${root.expiresAtSeconds}; publish the next one`,
      {
        expiresAtSeconds: root.expiresAtSeconds,
        nowSeconds,
      },
    );
  }
}

/**
 * Refuses an index from the future of the trust root. Without this, a stolen index key could run the epoch up as far as
 * numbers go, and no newer root could ever outbid it: the epoch is the way out of a run-up sequence only as long as
 * root keys alone can raise it (TUF: fast-forward attack). Update the root first; then ask.
 *
 * @throws ERR_ROOT_EPOCH
 */
export function checkEpoch(index: { readonly epoch: number }, root: { readonly version: number }): void {
  if (index.epoch > root.version) {
    throw manifestError(
      'ERR_ROOT_EPOCH',
      `The index is of epoch ${index.epoch}, the newest trust root is ${root.version}; publish that root first`,
      { epoch: index.epoch, rootVersion: root.version },
    );
  }
}

function rootRole(root: TrustRoot): { keys: readonly PublicKey[]; threshold: number; type: string } {
  const { kidHexes, threshold } = root.roles.root;
  return {
    keys: root.keys.filter(({ kidHex }) => kidHexes.includes(kidHex)),
    threshold,
    type: MEDIA_TYPES.trustRoot,
  };
}
