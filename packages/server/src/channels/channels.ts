import { type Clock, isOtaError } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type AuditEntry, type ChannelHead, channelKey, type StoredRelease } from '@kivyx-ota/database';
import {
  type ChannelIndex,
  type ChannelScope,
  type IndexRelease,
  indexLogKey,
  LIMITS,
  verifyChannelIndex,
} from '@kivyx-ota/manifest';
import { signChannelIndex } from '@kivyx-ota/manifest/sign';
import { chooseArchived } from './choose-archived.ts';
import { serverError } from '../http/error.ts';
import type { Metrics } from '../http/metrics.ts';
import type { OtaServerOptions } from '../options.ts';

/** A channel as this instance serves it. */
export interface ChannelSnapshot {
  readonly revision: number;
  readonly index: ChannelIndex;
  readonly envelope: Uint8Array;
  /** Strong, quoted. */
  readonly etag: string;
}

/** What a change does to the releases of the index: new or changed ones. Empty: only signed anew. Undefined: nothing. */
export type ChannelChange = (
  releases: readonly IndexRelease[],
) => readonly IndexRelease[] | undefined | Promise<readonly IndexRelease[] | undefined>;

/** Reads and changes channels. */
export interface Channels {
  /** From memory while it is fresh; one read of the database when it is not. Undefined for an unknown channel. */
  read(scope: ChannelScope): Promise<ChannelSnapshot | undefined>;
  /** Read, change, sign, compare-and-swap; again when somebody else was faster. */
  change(
    scope: ChannelScope,
    change: ChannelChange,
    audit: Omit<AuditEntry, 'atMs' | 'subject'>,
  ): Promise<{ readonly snapshot: ChannelSnapshot | undefined; readonly changed: boolean }>;
  /** Channels in memory, newest use last. */
  cached(): readonly ChannelSnapshot[];
}

interface Entry {
  snapshot: ChannelSnapshot | undefined;
  checkedAtMs: number;
  refreshing?: Promise<ChannelSnapshot | undefined> | undefined;
}

const MAX_ENTRIES = 1000;
const MAX_ATTEMPTS = 30;

export function createChannels(options: OtaServerOptions, clock: Clock, metrics: Metrics): Channels {
  const { database, signer, storage, epoch = 0, recheckMs = 1000, onError } = options;
  const lifetimeSeconds = options.indexLifetimeSeconds ?? 86_400;
  if (!(lifetimeSeconds >= 60 && lifetimeSeconds <= LIMITS.indexLifetimeSeconds))
    throw new RangeError('createOtaServer: indexLifetimeSeconds is 60 … 604800');
  if (!(Number.isSafeInteger(epoch) && epoch >= 0))
    throw new RangeError(`createOtaServer: epoch is the version of the trust root, got ${epoch}`);
  const maxIndexed = options.maxIndexedReleases ?? 100;
  const entries = new Map<string, Entry>();
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000);

  const remember = (key: string, snapshot: ChannelSnapshot | undefined): void => {
    const known = entries.get(key);
    // A slow reader must not put an old revision over what a change just made.
    if (known?.snapshot !== undefined && (snapshot?.revision ?? 0) < known.snapshot.revision) return;
    entries.delete(key);
    entries.set(key, { checkedAtMs: clock.nowMs(), snapshot });
    if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value as string);
  };

  /** The snapshot that a head holds; undefined when it must be signed anew. */
  const open = async (scope: ChannelScope, head: ChannelHead): Promise<ChannelSnapshot | undefined> => {
    if (head.expiresAtSeconds - nowSeconds() < lifetimeSeconds / 2) return undefined;
    try {
      const { document, payload } = verifyChannelIndex(head.envelope, {
        keys: [await signer.publicKey()],
        scope,
      });
      if (document.epoch !== epoch || document.sequence !== head.sequence) return undefined;
      return {
        envelope: head.envelope,
        etag: `"${sha256Hex(head.envelope)}"`,
        index: document,
        revision: sha256Hex(payload) === head.payloadSha256Hex ? head.revision : -1,
      };
    } catch (error) {
      // Signed by an older key, or touched by somebody: the rows are signed anew, never served as they are.
      onError?.(error);
      return undefined;
    }
  };

  const refresh = async (
    scope: ChannelScope,
    key: string,
    last: ChannelSnapshot | undefined,
  ): Promise<ChannelSnapshot | undefined> => {
    const head = await database.readHead(scope);
    metrics.count('kivyx_head_reads_total');
    if (head === undefined) {
      remember(key, undefined);
      return undefined;
    }
    const isFresh = head.expiresAtSeconds - nowSeconds() >= lifetimeSeconds / 2;
    const snapshot =
      last !== undefined && last.revision === head.revision && isFresh ? last : await open(scope, head);
    if (snapshot !== undefined && snapshot.revision === head.revision) {
      remember(key, snapshot);
      return snapshot;
    }
    const { snapshot: signed } = await change(scope, () => [], { action: 'resign', actor: 'server' });
    return signed;
  };

  const read = async (scope: ChannelScope): Promise<ChannelSnapshot | undefined> => {
    const key = channelKey(scope);
    const entry = entries.get(key);
    if (entry !== undefined && clock.nowMs() - entry.checkedAtMs < recheckMs) return entry.snapshot;
    if (entry?.refreshing !== undefined) return entry.refreshing;
    const last = entry?.snapshot;
    const refreshing = refresh(scope, key, last).catch((error: unknown) => {
      const held = entries.get(key);
      if (held !== undefined) held.refreshing = undefined;
      // The database is away: what is signed and not expired is still true enough to serve.
      if (last === undefined || last.index.expiresAtSeconds <= nowSeconds()) throw error;
      onError?.(error);
      metrics.count('kivyx_stale_answers_total');
      if (held !== undefined) held.checkedAtMs = clock.nowMs();
      return last;
    });
    if (entry !== undefined) entry.refreshing = refreshing;
    return refreshing;
  };

  const change: Channels['change'] = async (scope, apply, audit) => {
    const key = channelKey(scope);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const head = await database.readHead(scope);
      const before = (await database.listIndexed(scope)).map(({ release }) => release);
      const written = await apply(before);
      if (written === undefined) {
        const snapshot = head === undefined ? undefined : await open(scope, head);
        return { changed: false, snapshot };
      }
      const merged = new Map(before.map((release) => [release.releaseId, release]));
      for (const release of written) merged.set(release.releaseId, release);
      const all = [...merged.values()].sort((a, b) => a.versionCode - b.versionCode);
      const archived = chooseArchived(all, maxIndexed);
      const releases = all.filter((release) => !archived.has(release.releaseId));
      const issuedAtSeconds = nowSeconds();
      const index: ChannelIndex = {
        app: scope.app,
        channel: scope.channel,
        epoch,
        expiresAtSeconds: issuedAtSeconds + lifetimeSeconds,
        issuedAtSeconds,
        platform: scope.platform,
        project: scope.project,
        releases,
        sequence: (head?.sequence ?? 0) + 1,
        ...(head === undefined ? {} : { previousSha256Hex: head.payloadSha256Hex }),
      };
      const { envelope, payload } = await sign(index);
      const puts: StoredRelease[] = [
        ...written.map((release) => ({ indexed: !archived.has(release.releaseId), release })),
        ...before
          .filter(
            ({ releaseId }) => archived.has(releaseId) && !written.some((one) => one.releaseId === releaseId),
          )
          .map((release) => ({ indexed: false, release })),
      ];
      const result = await database.commitChannel({
        audit: { ...audit, atMs: clock.nowMs(), subject: key },
        expectedRevision: head?.revision ?? 0,
        head: {
          envelope,
          expiresAtSeconds: index.expiresAtSeconds,
          payloadSha256Hex: sha256Hex(payload),
          sequence: index.sequence,
        },
        releases: puts,
        scope,
      });
      if (result.committed) {
        const snapshot = { envelope, etag: `"${sha256Hex(envelope)}"`, index, revision: result.revision };
        remember(key, snapshot);
        await writeLog(scope, index, envelope);
        return { changed: true, snapshot };
      }
      metrics.count('kivyx_lost_races_total');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(200, 5 * 2 ** attempt)));
    }
    throw serverError('ERR_SERVER_CONTENTION', `Lost ${MAX_ATTEMPTS} races for this channel; try again`, {
      details: { retryAfterSeconds: 2 },
      retryable: true,
    });
  };

  const sign = async (index: ChannelIndex): ReturnType<typeof signChannelIndex> => {
    try {
      return await signChannelIndex(index, signer);
    } catch (error) {
      if (isOtaError(error, 'ERR_DOCUMENT_SIZE'))
        throw serverError('ERR_SERVER_INDEX_FULL', error.message, { cause: error });
      if (isOtaError(error, 'ERR_DOCUMENT_SHAPE'))
        throw serverError('ERR_SERVER_INPUT', error.message, { cause: error });
      throw error;
    }
  };

  /** The history for auditors; the change is already made, so a failure here is only reported. */
  const writeLog = async (scope: ChannelScope, index: ChannelIndex, envelope: Uint8Array): Promise<void> => {
    try {
      await storage.put(indexLogKey(scope, index), envelope, {
        cacheControl: 'public, max-age=31536000, immutable',
        contentType: 'application/cose; cose-type="cose-sign1"',
        ifAbsent: true,
      });
    } catch (error) {
      onError?.(error);
    }
  };

  return {
    cached: () => [...entries.values()].flatMap(({ snapshot }) => (snapshot === undefined ? [] : [snapshot])),
    change,
    read,
  };
}
