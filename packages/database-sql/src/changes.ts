import {
  type ApiKeyRecord,
  type AuditEntry,
  type ChannelCommit,
  channelKey,
  type CommitResult,
  type StoredEvent,
} from '@kivyx-ota/database';
import type { OtaTables } from './tables.ts';

/** What differs between databases: how several rows are written as one. */
export interface SqlWrites {
  commit(change: CommitRows): Promise<CommitResult>;
  putApiKey(key: OtaTables['kivyx_api_key'], audit: AuditRow): Promise<boolean>;
  revokeApiKey(id: string, atMs: number, audit: AuditRow): Promise<boolean>;
  /** Gives the number of events that were new. */
  recordEvents(batch: EventRows): Promise<number>;
  removeExpired(nowSeconds: number, limit: number): Promise<number>;
}

export type AuditRow = Omit<OtaTables['kivyx_audit'], 'number'>;

export interface CommitRows {
  readonly expectedRevision: number;
  readonly head: OtaTables['kivyx_channel'];
  /** Each id once. */
  readonly releases: readonly Omit<OtaTables['kivyx_release'], 'channel'>[];
  readonly audit: AuditRow | undefined;
}

export interface EventRows {
  readonly channel: string;
  /** Each id once. */
  readonly events: readonly Omit<OtaTables['kivyx_event'], 'channel'>[];
  /** What the events say about devices; one may be said by several events. Not for SQLite, where triggers read the events. */
  marks(): readonly DeviceMark[];
}

export interface DeviceMark {
  readonly event_id: string;
  readonly release_id: string;
  readonly mark: string;
  readonly device_hash: string;
  readonly hour_start: number;
}

const MAX_KEY_BYTES = 512;
const MAX_EVENTS = 50;

/**
 * A text that is part of a key.
 *
 * @throws RangeError for one that not every database can hold: longer than 512 bytes of UTF-8, or with U+0000
 */
export function keyText(text: string, what: string): string {
  if (text.includes('\0')) throw new RangeError(`${what}: U+0000 cannot be stored`);
  if (text.length * 3 > MAX_KEY_BYTES && new TextEncoder().encode(text).length > MAX_KEY_BYTES)
    throw new RangeError(`${what}: longer than ${MAX_KEY_BYTES} bytes`);
  return text;
}

export function commitRows({ audit, expectedRevision, head, releases, scope }: ChannelCommit): CommitRows {
  const channel = keyText(channelKey(scope), 'scope');
  const byId = new Map(releases.map((one) => [one.release.releaseId, one]));
  return {
    audit: audit === undefined ? undefined : auditRow(audit),
    expectedRevision,
    head: {
      channel,
      // The caller may go on using its buffer.
      envelope: head.envelope.slice(),
      expires_at: head.expiresAtSeconds,
      payload_sha256: head.payloadSha256Hex,
      revision: expectedRevision + 1,
      sequence: head.sequence,
    },
    releases: [...byId.values()].map(({ indexed, release }) => ({
      body: JSON.stringify(release),
      indexed: indexed ? 1 : 0,
      release_id: keyText(release.releaseId, 'releaseId'),
      version_code: release.versionCode,
    })),
  };
}

export function auditRow({ action, actor, atMs, detail, releaseId, subject }: AuditEntry): AuditRow {
  return {
    action: keyText(action, 'audit.action'),
    actor: keyText(actor, 'audit.actor'),
    at_ms: atMs,
    detail: detail === undefined ? null : JSON.stringify(detail),
    release_id: releaseId === undefined ? null : keyText(releaseId, 'audit.releaseId'),
    subject: keyText(subject, 'audit.subject'),
  };
}

export function apiKeyRow(key: ApiKeyRecord): OtaTables['kivyx_api_key'] {
  return {
    apps: key.apps === undefined ? null : JSON.stringify(key.apps),
    created_at_ms: key.createdAtMs,
    id: keyText(key.id, 'key.id'),
    label: keyText(key.label, 'key.label'),
    revoked_at_ms: key.revokedAtMs ?? null,
    scopes: JSON.stringify(key.scopes),
    secret_sha256: key.secretSha256Hex,
  };
}

/** @throws RangeError for more than 50 events, or events of several channels */
export function eventRows(batch: readonly [StoredEvent, ...StoredEvent[]]): EventRows {
  const channel = keyText(batch[0].channelKey, 'channelKey');
  if (batch.length > MAX_EVENTS)
    throw new RangeError(`recordEvents: ${batch.length} events, at most ${MAX_EVENTS}`);
  const byId = new Map<string, StoredEvent>();
  for (const event of batch) {
    if (event.channelKey !== channel) throw new RangeError('recordEvents: events of several channels');
    if (!byId.has(event.eventId)) byId.set(event.eventId, event);
  }
  const events = [...byId.values()];
  return {
    channel,
    events: events.map((event) => ({
      at_seconds: event.atSeconds,
      detail: event.detail === undefined ? null : JSON.stringify(event.detail),
      device_hash: keyText(event.deviceHash, 'deviceHash'),
      event_id: keyText(event.eventId, 'eventId'),
      expires_at: event.expiresAtSeconds,
      marks: JSON.stringify(event.marks.map((mark) => keyText(mark, 'mark'))),
      release_id: keyText(event.releaseId, 'releaseId'),
      type: keyText(event.type, 'type'),
    })),
    marks: () =>
      events.flatMap(({ atSeconds, deviceHash, eventId, marks, releaseId }) =>
        marks.map((mark) => ({
          device_hash: deviceHash,
          event_id: eventId,
          hour_start: Math.floor(atSeconds / 3600) * 3600,
          mark,
          release_id: releaseId,
        })),
      ),
  };
}
