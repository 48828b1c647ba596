import {
  type ApiKeyRecord,
  type ChannelHead,
  databaseError,
  type StoredAuditEntry,
  type StoredRelease,
} from '@kivyx-ota/database';
import type { OtaTables } from './tables.ts';

/** Drivers give 64-bit integers as number, bigint or text. */
export function toInteger(value: unknown, what: string): number {
  const number = typeof value === 'number' ? value : Number(toText(value, what));
  if (!Number.isSafeInteger(number)) throw corrupt(`${what} is ${String(value)}, not an integer below 2^53`);
  return number;
}

/** Binary columns come back as bytes, also those that hold text. */
export function toText(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  if (value instanceof Uint8Array) return new TextDecoder('utf-8', { fatal: true }).decode(value);
  throw corrupt(`${what} is ${typeof value}, not text`);
}

function toBytes(value: unknown, what: string): Uint8Array {
  // D1 gives arrays, others a Buffer of a pool that is shared: always a copy.
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return new Uint8Array(value).slice();
  if (Array.isArray(value)) return Uint8Array.from(value as number[]);
  throw corrupt(`${what} is ${typeof value}, not bytes`);
}

function toJson<T>(value: unknown, what: string): T {
  const text = toText(value, what);
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw corrupt(`${what} is not JSON`, error);
  }
}

function corrupt(message: string, cause?: unknown): Error {
  return databaseError('ERR_DATABASE_CORRUPT', 'sql', `${message}. Who else writes to this table?`, {
    cause,
  });
}

export function toHead(row: OtaTables['kivyx_channel']): ChannelHead {
  return {
    envelope: toBytes(row.envelope, 'kivyx_channel.envelope'),
    expiresAtSeconds: toInteger(row.expires_at, 'kivyx_channel.expires_at'),
    payloadSha256Hex: toText(row.payload_sha256, 'kivyx_channel.payload_sha256'),
    revision: toInteger(row.revision, 'kivyx_channel.revision'),
    sequence: toInteger(row.sequence, 'kivyx_channel.sequence'),
  };
}

export function toRelease(row: Pick<OtaTables['kivyx_release'], 'body' | 'indexed'>): StoredRelease {
  return {
    indexed: toInteger(row.indexed, 'kivyx_release.indexed') === 1,
    release: toJson(row.body, 'kivyx_release.body'),
  };
}

export function toAuditEntry(row: OtaTables['kivyx_audit']): StoredAuditEntry {
  return {
    action: toText(row.action, 'kivyx_audit.action'),
    actor: toText(row.actor, 'kivyx_audit.actor'),
    atMs: toInteger(row.at_ms, 'kivyx_audit.at_ms'),
    number: toInteger(row.number, 'kivyx_audit.number'),
    subject: toText(row.subject, 'kivyx_audit.subject'),
    ...(row.release_id === null ? {} : { releaseId: toText(row.release_id, 'kivyx_audit.release_id') }),
    ...(row.detail === null ? {} : { detail: toJson(row.detail, 'kivyx_audit.detail') }),
  };
}

export function toApiKey(row: OtaTables['kivyx_api_key']): ApiKeyRecord {
  return {
    createdAtMs: toInteger(row.created_at_ms, 'kivyx_api_key.created_at_ms'),
    id: toText(row.id, 'kivyx_api_key.id'),
    label: toText(row.label, 'kivyx_api_key.label'),
    scopes: toJson(row.scopes, 'kivyx_api_key.scopes'),
    secretSha256Hex: toText(row.secret_sha256, 'kivyx_api_key.secret_sha256'),
    ...(row.apps === null ? {} : { apps: toJson(row.apps, 'kivyx_api_key.apps') }),
    ...(row.revoked_at_ms === null
      ? {}
      : { revokedAtMs: toInteger(row.revoked_at_ms, 'kivyx_api_key.revoked_at_ms') }),
  };
}
