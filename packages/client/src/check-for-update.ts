import { isOtaError, type OtaError } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import {
  type ChannelIndex,
  checkEpoch,
  indexKey,
  keysForRole,
  LIMITS,
  parseChannelIndex,
  type TrustRoot,
  verifyChannelIndex,
} from '@kivyx-ota/manifest';
import { decide, type Decision, type DeviceFacts } from '@kivyx-ota/rollout';
import { type ClientContext, fetchKey, readBoot } from './context.ts';
import { clientError } from './error.ts';
import { readInstalled } from './installed.ts';
import { refreshRoot, scopeId, type SeenIndex } from './trust-state.ts';
import { trustedNowSeconds } from './trusted-now.ts';

/** The outcome of a check. */
export interface CheckResult {
  readonly decision: Decision;
  /** The verified index it was decided on. */
  readonly index: ChannelIndex;
  readonly root: TrustRoot;
  /** What must be remembered before anything of this index is activated. */
  readonly seen: SeenIndex;
  /** True when the server said that nothing changed. */
  readonly notModified: boolean;
}

/** The payload: the envelope has been verified, and this is what its hash in the record is of. */
const CACHE_PATH = 'index.cbor';

/**
 * Root chain → index (signature, scope, order, expiry) → decision. Two requests at most when nothing changed, one signature
 * verification per new index, none when the answer is 304: then the index that is kept has the hash that was remembered when it was
 * verified, under the same trust root.
 *
 * @throws ERR_CLIENT_ROLLBACK_ATTACK when the index is older than one seen
 * @throws ERR_CLIENT_EQUIVOCATION when there are two indexes of one sequence
 * @throws ERR_CLIENT_INDEX_EXPIRED, and the errors of network and documents
 */
export async function checkForUpdate(context: ClientContext): Promise<CheckResult> {
  const { ports, scope, trust } = context;
  const id = scopeId(scope);
  let { record, root } = await trust.load();
  const askRoots = async (): Promise<void> => {
    try {
      ({ record, root } = await refreshRoot(trust, trustedNowSeconds(context, root), async (key) => {
        const answer = await fetchKey(context, key, {
          accept: [200, 403, 404],
          maxSizeBytes: LIMITS.rootSizeBytes + LIMITS.envelopeOverheadBytes,
        });
        return answer.status === 200 ? answer.body : undefined;
      }));
    } catch (error) {
      throw refusal(context, 'root', error);
    }
  };
  if (!context.trustIsKeys || record.roots.length > 0) await askRoots();

  const cached = await readKept(context, root, record.seen[id]);
  const etag = cached === undefined ? undefined : record.seen[id]?.etag;
  const answer = await fetchKey(context, indexKey(scope), {
    accept: etag === undefined ? [200] : [200, 304],
    headers: () => (etag === undefined ? {} : { 'if-none-match': etag }),
    maxSizeBytes: LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes,
  });

  let index: ChannelIndex;
  let seen: SeenIndex;
  let payload: Uint8Array | undefined;
  const notModified = answer.status === 304;
  if (notModified && cached !== undefined) {
    index = cached;
    seen = record.seen[id] as SeenIndex;
  } else {
    let opened = openIndex(root, answer.body, context);
    // Another key, or an epoch from the future: a newer root explains it, if there is one.
    const isAhead = isOtaError(opened)
      ? opened.code === 'ERR_COSE_KEY_UNKNOWN'
      : opened.document.epoch > root.version;
    if (isAhead && context.trustIsKeys) {
      await askRoots();
      // Opened again in both cases: the newer root may have taken the key away that signed this.
      opened = openIndex(root, answer.body, context);
    }
    if (isOtaError(opened)) throw refusal(context, 'index', opened);
    try {
      checkEpoch(opened.document, root);
    } catch (error) {
      throw refusal(context, 'index', error);
    }
    index = opened.document;
    payload = opened.payload;
    seen = {
      epoch: index.epoch,
      issuedAtSeconds: index.issuedAtSeconds,
      payloadSha256Hex: sha256Hex(payload),
      rootVersion: root.version,
      sequence: index.sequence,
      ...(answer.headers['etag'] === undefined ? {} : { etag: answer.headers['etag'] }),
    };
    try {
      checkOrder(seen, record.seen[id]);
    } catch (error) {
      throw refusal(context, 'index', error);
    }
  }
  const now = Math.max(trustedNowSeconds(context, root, record.seen[id]), index.issuedAtSeconds);
  if (now >= index.expiresAtSeconds) {
    throw refusal(
      context,
      'index',
      clientError(
        'ERR_CLIENT_INDEX_EXPIRED',
        `The channel index expired at ${index.expiresAtSeconds}, it is ${now}; what runs goes on running`,
        {
          details: { expiresAtSeconds: index.expiresAtSeconds, now },
        },
      ),
    );
  }
  if (payload !== undefined) {
    // Remembered at once: an older index shown later is refused even if this one installs nothing.
    await ports.files.write(CACHE_PATH, payload);
    await trust.save({ ...record, seen: { ...record.seen, [id]: seen } });
  }
  const decision = decide(index, await deviceFacts(context, root), now);
  context.emit({ action: decision.action, notModified, reasons: decision.reasons, type: 'check' });
  return { decision, index, notModified, root, seen };
}

/** What {@link decide} may know of this device. */
async function deviceFacts(context: ClientContext, root: TrustRoot): Promise<DeviceFacts> {
  const boot = await readBoot(context);
  const installed =
    boot.running === 'embedded' ? undefined : await readInstalled(context.ports.files, boot.running);
  const retryTokens: Record<string, number> = {};
  for (const { sha256Hex: hash, cause, retryToken } of boot.failed)
    if (cause === 'unknown') retryTokens[hash] = retryToken;
  return {
    ...context.scope,
    ...context.device,
    currentVersionCode: boot.versionCode,
    embeddedVersionCode: context.ports.embedded.versionCode,
    failedSha256Hex: boot.failed.map(({ sha256Hex: hash }) => hash),
    highestVersionCode: boot.highestVersionCode,
    retryTokens,
    revokedReleaseIds: root.revokedReleaseIds,
    ...(installed === undefined ? {} : { currentReleaseId: installed.releaseId }),
  } as DeviceFacts;
}

/**
 * The last index, when an answer of "nothing new" could still make use of it. Not once it has expired: who showed this device an old index
 * with the ETag of the new one would else have stopped it until the next is published.
 */
async function readKept(
  context: ClientContext,
  root: TrustRoot,
  seen: SeenIndex | undefined,
): Promise<ChannelIndex | undefined> {
  if (seen?.etag === undefined || seen.rootVersion !== root.version) return undefined;
  const payload = await context.ports.files.read(CACHE_PATH);
  if (payload === undefined || sha256Hex(payload) !== seen.payloadSha256Hex) return undefined;
  try {
    const index = parseChannelIndex(payload);
    return trustedNowSeconds(context, root, seen) < index.expiresAtSeconds ? index : undefined;
  } catch {
    // Another version of the app could read it.
    return undefined;
  }
}

function openIndex(
  root: TrustRoot,
  envelope: Uint8Array,
  { scope }: ClientContext,
): ReturnType<typeof verifyChannelIndex> | OtaError {
  try {
    return verifyChannelIndex(envelope, { keys: keysForRole(root, 'index', scope.channel), scope });
  } catch (error) {
    if (isOtaError(error)) return error;
    throw error;
  }
}

/** (epoch, sequence) may not go down, and one sequence has one content (TUF: rollback, mix-and-match). */
function checkOrder(next: SeenIndex, last: SeenIndex | undefined): void {
  if (last === undefined) return;
  const older = next.epoch < last.epoch || (next.epoch === last.epoch && next.sequence < last.sequence);
  if (older) {
    throw clientError(
      'ERR_CLIENT_ROLLBACK_ATTACK',
      `Index ${next.epoch}.${next.sequence} is older than ${last.epoch}.${last.sequence}, which this device has seen`,
      {
        details: { last, next },
      },
    );
  }
  if (
    next.epoch === last.epoch &&
    next.sequence === last.sequence &&
    next.payloadSha256Hex !== last.payloadSha256Hex
  ) {
    throw clientError(
      'ERR_CLIENT_EQUIVOCATION',
      `There are two different indexes ${next.epoch}.${next.sequence}`,
      { details: { last, next } },
    );
  }
}

/** Reports a refusal and gives the error back. */
export function refusal(
  context: ClientContext,
  what: 'root' | 'index' | 'manifest' | 'object' | 'patch',
  error: unknown,
): unknown {
  if (isOtaError(error)) context.emit({ code: error.code, message: error.message, type: 'refused', what });
  return error;
}
