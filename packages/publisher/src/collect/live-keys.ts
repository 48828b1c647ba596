import { isOtaError } from '@kivyx-ota/core';
import {
  attestationKey,
  type ChannelIndex,
  type IndexRelease,
  keysForRole,
  LIMITS,
  manifestKey,
  type Platform,
  verifyChannelIndex,
} from '@kivyx-ota/manifest';
import { trustRootOf } from '../channel/trust-root-of.ts';
import { publishError } from '../error.ts';
import { keysOfManifest, keysOfPatches } from './keys-of-release.ts';
import { listAll } from './list-all.ts';
import { unverifiedIndex } from '../channel/unverified.ts';
import type { PublisherOptions } from '../options.ts';

/** Which indexes of the past still count, besides the current ones and all that have not expired. */
export interface Retention {
  /** The newest so many of each channel; default 20. */
  readonly indexes?: number;
  /** Those issued in the last so many seconds; default 30 days. */
  readonly seconds?: number;
}

interface Channel {
  readonly index: boolean;
  /** Log keys, newest first. */
  readonly log: readonly string[];
}

const KEY = /^channels\/([^/]+)\/([^/]+)\/([^/]+)\/(?:index|log\/(\d+)-(\d+))\.cose$/;
const MAX_INDEX_BYTES = LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes;

/**
 * Every key that an index in retention names, of every channel in the storage. Current indexes are verified. Those in the log
 * are only parsed: they may be signed by keys of the past, and naming too much keeps too much.
 *
 * @throws ERR_PUBLISH_GARBAGE when it cannot be told what is in use
 */
export async function findLiveKeys(
  options: PublisherOptions,
  { indexes: newest = 20, seconds = 30 * 86_400 }: Retention,
  alsoKeep: readonly Pick<ChannelIndex, 'releases'>[],
): Promise<ReadonlySet<string>> {
  const nowSeconds = options.clock.nowMs() / 1000;
  const live = new Set<string>();
  const seen = new Set<string>();
  const add = async (releases: readonly IndexRelease[], mustBeThere: boolean): Promise<void> => {
    for (const release of releases) {
      addPatches(live, release);
      if (seen.has(release.manifest.sha256Hex)) continue;
      seen.add(release.manifest.sha256Hex);
      await addManifest(options, live, release, mustBeThere);
    }
  };
  for (const [name, { index, log }] of await findChannels(options)) {
    if (index) await add((await readCurrent(options, name)).releases, true);
    for (const [position, key] of log.entries()) {
      const old = await readLogged(options, key);
      const counts =
        position < Math.max(1, newest) ||
        old.expiresAtSeconds > nowSeconds ||
        old.issuedAtSeconds > nowSeconds - seconds;
      // Times rise along the log, and an index lives for 7 days at most: nothing below can count.
      if (!counts && old.issuedAtSeconds < nowSeconds - LIMITS.indexLifetimeSeconds) break;
      // Without an index in the storage a server keeps the channel, and the newest entry is what it serves.
      await add(old.releases, !index && position === 0);
    }
  }
  for (const { releases } of alsoKeep) await add(releases, true);
  return live;
}

async function findChannels({ storage }: PublisherOptions): Promise<ReadonlyMap<string, Channel>> {
  const channels = new Map<
    string,
    { index: boolean; log: { key: string; epoch: number; sequence: number }[] }
  >();
  for (const { key } of await listAll(storage, 'channels/')) {
    const [, app, platform, channel, epoch, sequence] = KEY.exec(key) ?? [];
    if (app === undefined) continue;
    const name = `${app}/${platform}/${channel}`;
    const entry = channels.get(name) ?? { index: false, log: [] };
    if (epoch === undefined) entry.index = true;
    else entry.log.push({ epoch: Number(epoch), key, sequence: Number(sequence) });
    channels.set(name, entry);
  }
  return new Map(
    Array.from(channels, ([name, { index, log }]) => [
      name,
      {
        index,
        log: log.sort((a, b) => b.epoch - a.epoch || b.sequence - a.sequence).map(({ key }) => key),
      },
    ]),
  );
}

async function readCurrent(options: PublisherOptions, name: string): Promise<ChannelIndex> {
  const [app, platform, channel] = name.split('/') as [string, Platform, string];
  const scope = { app, channel, platform, project: options.scope.project };
  const keys = keysForRole(trustRootOf(options), 'index', channel);
  return understand(
    options,
    `channels/${name}/index.cose`,
    (bytes) => verifyChannelIndex(bytes, { keys, scope }).document,
  );
}

async function readLogged(options: PublisherOptions, key: string): Promise<ChannelIndex> {
  return understand(options, key, (bytes) => {
    const unverified = unverifiedIndex(bytes);
    if (unverified.project !== options.scope.project)
      throw new Error(`it belongs to project ${unverified.project}`);
    return unverified;
  });
}

async function understand(
  { storage }: PublisherOptions,
  key: string,
  read: (bytes: Uint8Array) => ChannelIndex,
): Promise<ChannelIndex> {
  const stored = await storage.get(key, { maxSizeBytes: MAX_INDEX_BYTES });
  try {
    if (stored === undefined) throw new Error('it is gone');
    return read(stored.body);
  } catch (error) {
    throw cannotTell(key, error);
  }
}

async function addManifest(
  options: PublisherOptions,
  live: Set<string>,
  release: IndexRelease,
  mustBeThere: boolean,
): Promise<void> {
  const key = manifestKey(release.manifest.sha256Hex);
  live.add(key).add(attestationKey(release.manifest.sha256Hex));
  const keys = await keysOfManifest(options, release).catch((error: unknown) => {
    throw isOtaError(error, 'ERR_PUBLISH_CORRUPT') ? cannotTell(key, error) : error;
  });
  // Collected under a shorter retention: its files are no longer known, and nobody can install it.
  if (keys === undefined && mustBeThere)
    throw cannotTell(key, new Error('it is named by a current index, and not there'));
  for (const one of keys ?? []) live.add(one);
}

function addPatches(live: Set<string>, release: IndexRelease): void {
  for (const key of keysOfPatches(release)) live.add(key);
}

function cannotTell(key: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return publishError(
    'ERR_PUBLISH_GARBAGE',
    `Nothing is collected, because it cannot be told what ${key} needs: ${reason}`,
    { cause, details: { key } },
  );
}
