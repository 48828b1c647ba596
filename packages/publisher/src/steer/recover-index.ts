import { type ChannelIndex, indexKey, indexLogKey, LIMITS, type TrustRoot } from '@kivyx-ota/manifest';
import { signChannelIndex } from '@kivyx-ota/manifest/sign';
import { checkCanSwap, nextIndex, writeIndex, writeLog } from '../channel/channel-document.ts';
import { trustRootOf } from '../channel/trust-root-of.ts';
import { checkSigners } from '../channel/check-signers.ts';
import { publishError } from '../error.ts';
import { keysOfManifest, keysOfPatches } from '../collect/keys-of-release.ts';
import { openIndex, type OpenedIndex } from '../channel/open-index.ts';
import type { PublisherOptions } from '../options.ts';
import { openSweepGuard } from '../collect/sweep-guard.ts';
import { trustedRoots } from '../channel/trusted-roots.ts';
import { unverifiedIndex } from '../channel/unverified.ts';

/** Options of `recoverIndex`. */
export interface RecoverOptions {
  /** What was trusted when the last good index was signed; the roots from there to the publisher's must be in the storage. */
  readonly previousTrust: PublisherOptions['trust'];
  /** An entry of the log, when the current index is not to be believed: its key was stolen. Default: the current index. */
  readonly lastGood?: { readonly epoch: number; readonly sequence: number };
}

const MAX_SIZE_BYTES = LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes;

/**
 * Signs the content of an index anew with a key of the publisher's root, after a root that no longer knows the key it was signed
 * with. Other verbs refuse such a channel (ERR_COSE_KEY_UNKNOWN). Releases whose own key was dropped stay named, and
 * `verify` lists them.
 *
 * @throws ERR_PUBLISH_STATE when there is nothing to recover, or a release of it is gone
 * @throws ERR_PUBLISH_ROOTS, ERR_PUBLISH_CONTENTION, and those of reading an index
 */
export async function recoverIndex(
  options: PublisherOptions,
  { lastGood, previousTrust }: RecoverOptions,
): Promise<ChannelIndex> {
  const { scope, signers, storage } = options;
  checkCanSwap(options);
  await checkSigners(options);
  const guard = await openSweepGuard(options);
  const roots = await trustedRoots(options, previousTrust);
  const key = indexKey(scope);
  const stored = await storage.get(key, { maxSizeBytes: MAX_SIZE_BYTES });
  const good = openIndex(
    lastGood === undefined
      ? (stored?.body ?? nothingAt(key))
      : ((await storage.get(indexLogKey(scope, lastGood), { maxSizeBytes: MAX_SIZE_BYTES }))?.body ??
          nothingAt(indexLogKey(scope, lastGood))),
    roots,
    scope,
  );
  for (const release of good.index.releases) {
    const keys = await keysOfManifest(options, release);
    if (keys === undefined) {
      throw publishError(
        'ERR_PUBLISH_STATE',
        `The manifest of ${release.releaseId} was collected; choose a later index`,
        { details: { releaseId: release.releaseId } },
      );
    }
    await guard.protect([...keys, ...keysOfPatches(release)]);
  }
  const root = trustRootOf(options);
  const next = nextIndex(options, {
    previousSha256Hex: good.payloadSha256Hex,
    releases: good.index.releases,
    sequence: sequenceAfter(good, root, stored?.body),
  });
  const { envelope } = await signChannelIndex(next, signers.index);
  // A publisher that was killed may not have logged it, and nobody could afterwards.
  if (lastGood === undefined && stored !== undefined) await writeLog(options, good.index, stored.body);
  guard.checkTime();
  if (await writeIndex(options, next, envelope, stored?.etag)) return next;
  throw publishError(
    'ERR_PUBLISH_CONTENTION',
    'The index was changed meanwhile; look at it and run it again',
    {
      retryable: true,
    },
  );
}

/** A new epoch outbids whatever number a thief ran up; within one epoch the number must still rise. */
function sequenceAfter({ index }: OpenedIndex, root: TrustRoot, current: Uint8Array | undefined): number {
  if (root.version > index.epoch) return index.sequence < Number.MAX_SAFE_INTEGER ? index.sequence + 1 : 2;
  // Only as a number to exceed: what it says is not believed.
  const unverified = current === undefined ? index : unverifiedIndex(current);
  const highest = Math.max(index.sequence, unverified.epoch === root.version ? unverified.sequence : 0);
  if (highest < Number.MAX_SAFE_INTEGER && unverified.epoch <= root.version) return highest + 1;
  throw publishError(
    'ERR_PUBLISH_STATE',
    'No number is left above the current index: sign the next trust root, a new epoch counts anew',
  );
}

function nothingAt(key: string): never {
  throw publishError('ERR_PUBLISH_STATE', `There is no index at ${key} to recover`, { details: { key } });
}
