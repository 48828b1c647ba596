import { channelKey } from './channel-key.ts';
import { databaseError } from './error.ts';
import type {
  ApiKeyRecord,
  AuditEntry,
  ChannelHead,
  OtaDatabase,
  Page,
  StoredAuditEntry,
  StoredEvent,
  StoredRelease,
} from './ota-database.ts';

interface Channel {
  head?: ChannelHead;
  readonly releases: Map<string, StoredRelease>;
  readonly devices: Set<string>;
  readonly counts: Map<string, number>;
  readonly hours: Map<string, number>;
}

/**
 * The contract in memory: for tests and for trying things out. Nothing survives the process.
 *
 * Every method does its work before it first gives up control, which is what makes it atomic.
 */
export function memoryDatabase(): OtaDatabase {
  const channels = new Map<string, Channel>();
  const audit = new Map<string, StoredAuditEntry[]>();
  const keys = new Map<string, ApiKeyRecord>();
  const events = new Map<string, StoredEvent>();

  const channelOf = (key: string): Channel => {
    const found = channels.get(key);
    if (found !== undefined) return found;
    const made: Channel = {
      counts: new Map(),
      devices: new Set(),
      hours: new Map(),
      releases: new Map(),
    };
    channels.set(key, made);
    return made;
  };
  const log = (entry: AuditEntry): void => {
    const list = audit.get(entry.subject) ?? [];
    audit.set(entry.subject, list);
    list.push({ ...copy(entry), number: list.length + 1 });
  };

  return {
    commitChannel: async ({ scope, expectedRevision, head, releases, audit: entry }) => {
      const channel = channelOf(channelKey(scope));
      if ((channel.head?.revision ?? 0) !== expectedRevision) return { committed: false };
      const revision = expectedRevision + 1;
      channel.head = copy({ ...head, revision });
      for (const one of releases) channel.releases.set(one.release.releaseId, copy(one));
      if (entry !== undefined) log(entry);
      return { committed: true, revision };
    },
    listAudit: async (subject, { cursor, limit = 50 } = {}) => {
      const before = cursor === undefined ? Infinity : readCursor(cursor);
      const all = (audit.get(subject) ?? []).filter(({ number }) => number < before).reverse();
      return pageOf(all, limit, ({ number }) => number);
    },
    listIndexed: async (scope) =>
      copy(
        [...channelOf(channelKey(scope)).releases.values()]
          .filter(({ indexed }) => indexed)
          .sort((a, b) => a.release.versionCode - b.release.versionCode),
      ),
    listReleases: async (scope, { cursor, limit = 50 } = {}) => {
      const before = cursor === undefined ? Infinity : readCursor(cursor);
      const all = [...channelOf(channelKey(scope)).releases.values()]
        .filter(({ release }) => release.versionCode < before)
        .sort((a, b) => b.release.versionCode - a.release.versionCode);
      return pageOf(all, limit, ({ release }) => release.versionCode);
    },
    name: 'memory',
    putApiKey: async (key, entry) => {
      if (keys.has(key.id)) return false;
      keys.set(key.id, copy(key));
      log(entry);
      return true;
    },
    readAdoption: async (scope, releaseId, { fromSeconds, toSeconds }) =>
      [...channelOf(channelKey(scope)).hours]
        .map(([key, devices]) => {
          const [id, mark, hour] = JSON.parse(key) as [string, string, number];
          return { devices, hourStartSeconds: hour, id, mark };
        })
        .filter(
          ({ id, hourStartSeconds: hour }) => id === releaseId && hour >= fromSeconds && hour < toSeconds,
        )
        .sort((a, b) => a.hourStartSeconds - b.hourStartSeconds || (a.mark < b.mark ? -1 : 1))
        .map(({ id: _id, ...row }) => row),
    readApiKey: async (id) => copy(keys.get(id)),
    readCounts: async (scope, releaseId) =>
      [...channelOf(channelKey(scope)).counts]
        .map(([key, devices]) => {
          const [id, mark] = JSON.parse(key) as [string, string];
          return { devices, id, mark };
        })
        .filter(({ id }) => id === releaseId)
        .sort((a, b) => (a.mark < b.mark ? -1 : 1))
        .map(({ devices, mark }) => ({ devices, mark })),
    readHead: async (scope) => copy(channelOf(channelKey(scope)).head),
    readRelease: async (scope, releaseId) => copy(channelOf(channelKey(scope)).releases.get(releaseId)),
    recordEvents: async (batch) => {
      let accepted = 0;
      for (const event of batch) {
        const id = JSON.stringify([event.channelKey, event.eventId]);
        if (events.has(id)) continue;
        events.set(id, copy(event));
        accepted++;
        const channel = channelOf(event.channelKey);
        for (const mark of event.marks) {
          const device = JSON.stringify([event.releaseId, mark, event.deviceHash]);
          if (channel.devices.has(device)) continue;
          channel.devices.add(device);
          bump(channel.counts, JSON.stringify([event.releaseId, mark]));
          bump(
            channel.hours,
            JSON.stringify([event.releaseId, mark, Math.floor(event.atSeconds / 3600) * 3600]),
          );
        }
      }
      return accepted;
    },
    removeExpired: async (nowSeconds, limit) => {
      let removed = 0;
      for (const [id, { expiresAtSeconds }] of events) {
        if (removed >= limit) break;
        if (expiresAtSeconds > nowSeconds) continue;
        events.delete(id);
        removed++;
      }
      return removed;
    },
    revokeApiKey: async (id, atMs, entry) => {
      const key = keys.get(id);
      if (key === undefined) return false;
      if (key.revokedAtMs === undefined) {
        keys.set(id, { ...key, revokedAtMs: atMs });
        log(entry);
      }
      return true;
    },
  };
}

/** Rows given in or out are nobody else's. */
function copy<T>(value: T): T {
  return structuredClone(value);
}

function bump(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function readCursor(cursor: string): number {
  if (!/^[0-9]{1,16}$/.test(cursor))
    throw databaseError('ERR_DATABASE_CURSOR', 'memory', 'this cursor was not given by this database');
  return Number(cursor);
}

function pageOf<T>(all: readonly T[], limit: number, numberOf: (one: T) => number): Page<T> {
  const items = copy(all.slice(0, limit));
  return all.length > limit ? { cursor: String(numberOf(items[items.length - 1] as T)), items } : { items };
}
