import type { AuditEntry, ChannelCommit, OtaDatabase, StoredEvent, StoredRelease } from '@kivyx-ota/database';
import { channelKey } from '@kivyx-ota/database';
import type { ChannelScope } from '@kivyx-ota/manifest';

export const SCOPE: ChannelScope = { app: 'cafe', channel: 'production', platform: 'ios', project: 'acme' };

const hash = (n: number): string => n.toString(16).padStart(64, '0');

export function release(versionCode: number, indexed = true): StoredRelease {
  return {
    indexed,
    release: {
      launchSha256Hex: hash(versionCode + 1_000_000),
      mandatory: false,
      manifest: { sha256Hex: hash(versionCode), sizeBytes: 900 },
      patches: [],
      releaseId: `r${versionCode}`,
      rolloutBasisPoints: 10_000,
      runtimeVersion: '1',
      salt: `r${versionCode}`,
      status: 'active',
      version: `1.0.${versionCode}`,
      versionCode,
    },
  };
}

export function audit(action: string, subject: string = channelKey(SCOPE)): AuditEntry {
  return { action, actor: 'key-1', atMs: 1_790_000_000_000, subject };
}

export function commit(expectedRevision: number, change: Partial<ChannelCommit> = {}): ChannelCommit {
  const sequence = expectedRevision + 1;
  return {
    expectedRevision,
    head: {
      envelope: Uint8Array.from({ length: 300 }, (_, i) => (i * 7 + sequence) & 255),
      expiresAtSeconds: 1_790_000_000,
      payloadSha256Hex: hash(sequence),
      sequence,
    },
    releases: [],
    scope: SCOPE,
    ...change,
  };
}

export function event(eventId: string, deviceHash: string, change: Partial<StoredEvent> = {}): StoredEvent {
  return {
    atSeconds: 1_790_000_000,
    channelKey: channelKey(SCOPE),
    deviceHash,
    eventId,
    expiresAtSeconds: 1_790_086_400,
    marks: ['healthy'],
    releaseId: 'r1',
    type: 'healthy',
    ...change,
  };
}

/** Stores `count` releases, the last ten of them in the index. */
export async function fill(database: OtaDatabase, count: number, perCommit = 90): Promise<number> {
  let revision = 0;
  for (let from = 1; from <= count; from += perCommit) {
    const releases = Array.from({ length: Math.min(perCommit, count - from + 1) }, (_, i) =>
      release(from + i, from + i > count - 10),
    );
    const result = await database.commitChannel(commit(revision, { releases }));
    if (!result.committed) throw new Error('filling the database lost a race against nobody');
    revision = result.revision;
  }
  return revision;
}
