import { sha256Hex } from '@kivyx-ota/core/sha256';
import type { PublicKey } from '@kivyx-ota/cose';
import {
  type ChannelIndex,
  checkEpoch,
  indexKey,
  indexLogKey,
  keysForRole,
  LIMITS,
  verifyChannelIndex,
} from '@kivyx-ota/manifest';
import { signChannelIndex } from '@kivyx-ota/manifest/sign';
import { checkIndexRoom } from './check-index-room.ts';
import { publishError } from '../error.ts';
import type { PublisherOptions } from '../options.ts';
import { trustRootOf } from './trust-root-of.ts';
import { wait } from '../wait.ts';

/** An index as it is in the storage, verified. */
export interface ChannelState {
  readonly index: ChannelIndex;
  readonly envelope: Uint8Array;
  readonly payloadSha256Hex: string;
  readonly etag: string;
}

const MAX_ATTEMPTS = 40;
const INDEX_CACHE_CONTROL = 'public, max-age=60, stale-while-revalidate=600, stale-if-error=86400';
const LOG_CACHE_CONTROL = 'public, max-age=31536000, immutable';
const CONTENT_TYPE = 'application/cose; cose-type="cose-sign1"';

/** Reads and verifies the channel's index; `undefined` before the first publish. */
export async function readChannel(options: PublisherOptions): Promise<ChannelState | undefined> {
  const { storage, scope } = options;
  const stored = await storage.get(indexKey(scope), {
    maxSizeBytes: LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes,
  });
  if (stored === undefined) return undefined;
  const keys: readonly PublicKey[] = keysForRole(trustRootOf(options), 'index', scope.channel);
  const { document, payload } = verifyChannelIndex(stored.body, { keys, scope });
  return { envelope: stored.body, etag: stored.etag, index: document, payloadSha256Hex: sha256Hex(payload) };
}

/** What a change sees and gives back; `undefined` leaves the channel as it is. */
export type IndexChange = (
  current: ChannelIndex | undefined,
) => Promise<Pick<ChannelIndex, 'releases'> | undefined>;

/**
 * Read, change, sign, compare-and-swap; again when somebody else was faster. `change` runs once per attempt on what is
 * really there, so two publishers at once both find their release in the result.
 *
 * `beforeSwap` may still refuse, right before the write.
 *
 * @throws ERR_PUBLISH_CONTENTION after 40 lost races, ERR_PUBLISH_NO_CONDITIONAL_WRITES, ERR_PUBLISH_INDEX_FULL
 */
export async function changeChannel(
  options: PublisherOptions,
  change: IndexChange,
  beforeSwap?: () => void,
): Promise<ChannelIndex | undefined> {
  const { scope, signers, random, onEvent } = options;
  checkCanSwap(options);
  const root = trustRootOf(options);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const current = await readChannel(options);
    // A publisher killed between the swap and its log entry left a gap; whoever comes next closes it.
    // Asked first: nearly always it is there, and sending the whole index again would cost more.
    if (
      current !== undefined &&
      (await options.storage.head(indexLogKey(scope, current.index))) === undefined
    )
      await writeLog(options, current.index, current.envelope);
    // Someone has a newer root, or the index key is stolen: in both cases this publisher must not go on.
    if (current !== undefined) checkEpoch(current.index, root);
    const changed = await change(current?.index);
    if (changed === undefined) return current?.index;
    const next = nextIndex(
      options,
      {
        releases: changed.releases,
        sequence: (current?.index.sequence ?? 0) + 1,
        ...(current === undefined ? {} : { previousSha256Hex: current.payloadSha256Hex }),
      },
      current?.index.issuedAtSeconds,
    );
    checkIndexRoom(next);
    const { envelope } = await signChannelIndex(next, signers.index);
    beforeSwap?.();
    if (await writeIndex(options, next, envelope, current?.etag)) return next;
    onEvent?.({ attempt, type: 'race-lost' });
    // Full jitter, so that eight publishers do not meet again at the same moment.
    const spread = ((random.bytes(1)[0] as number) + 1) / 256;
    await (options.sleep ?? wait)(spread * Math.min(2000, 20 * 2 ** Math.min(attempt, 7)));
  }
  throw publishError(
    'ERR_PUBLISH_CONTENTION',
    `Lost ${MAX_ATTEMPTS} races for ${indexKey(scope)}; try again when fewer publish at once`,
    { retryable: true },
  );
}

/** @throws ERR_PUBLISH_NO_CONDITIONAL_WRITES */
export function checkCanSwap({ storage }: PublisherOptions): void {
  if (storage.capabilities.conditionalWrites) return;
  throw publishError(
    'ERR_PUBLISH_NO_CONDITIONAL_WRITES',
    `The storage ${storage.name} cannot write conditionally: two publishers at once would lose a release. Wrap it in withLock().`,
  );
}

/** The index that follows: of the publisher's epoch, issued now, but never before the last one. */
export function nextIndex(
  options: PublisherOptions,
  content: Pick<ChannelIndex, 'releases' | 'sequence' | 'previousSha256Hex'>,
  notBeforeSeconds = 0,
): ChannelIndex {
  const { app, channel, platform, project } = options.scope;
  const issuedAtSeconds = Math.max(Math.floor(options.clock.nowMs() / 1000), notBeforeSeconds);
  return {
    app,
    channel,
    epoch: trustRootOf(options).version,
    expiresAtSeconds: issuedAtSeconds + (options.indexLifetimeSeconds ?? LIMITS.indexLifetimeSeconds),
    issuedAtSeconds,
    platform,
    project,
    ...content,
  };
}

/** Swaps the index in, if what is there still has `etag` (or is nothing), and logs it; false when somebody was faster. */
export async function writeIndex(
  options: PublisherOptions,
  index: ChannelIndex,
  envelope: Uint8Array,
  etag: string | undefined,
): Promise<boolean> {
  const { written } = await options.storage.put(indexKey(options.scope), envelope, {
    ...(etag === undefined ? { ifAbsent: true } : { ifMatch: etag }),
    cacheControl: INDEX_CACHE_CONTROL,
    contentType: CONTENT_TYPE,
  });
  if (!written) return false;
  await writeLog(options, index, envelope);
  options.onEvent?.({ sequence: index.sequence, type: 'index' });
  return true;
}

/** Every index ever published is kept under its number. */
export async function writeLog(
  { storage, scope }: PublisherOptions,
  index: ChannelIndex,
  envelope: Uint8Array,
): Promise<void> {
  await storage.put(indexLogKey(scope, index), envelope, {
    cacheControl: LOG_CACHE_CONTROL,
    contentType: CONTENT_TYPE,
    ifAbsent: true,
  });
}
