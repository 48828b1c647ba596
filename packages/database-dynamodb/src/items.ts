import {
  type ApiKeyRecord,
  type AuditEntry,
  type ChannelHead,
  databaseError,
  type StoredAuditEntry,
  type StoredRelease,
} from '@kivyx-ota/database';
import { NAME } from './dynamo-error.ts';
import type { ItemKey } from './keys.ts';

/** An item as the document client gives it; untrusted in so far as others may write to the table. */
export type Item = Readonly<Record<string, unknown>>;

function corrupt(message: string, cause?: unknown): Error {
  return databaseError('ERR_DATABASE_CORRUPT', NAME, `${message}. Who else writes to this table?`, { cause });
}

export function integerOf(item: Item, name: string): number {
  const value = item[name];
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (!Number.isSafeInteger(number))
    throw corrupt(`${String(item['pk'])}: ${name} is not an integer below 2^53`);
  return number as number;
}

function textOf(item: Item, name: string): string {
  const value = item[name];
  if (typeof value !== 'string') throw corrupt(`${String(item['pk'])}: ${name} is not text`);
  return value;
}

function jsonOf<T>(item: Item, name: string): T {
  try {
    return JSON.parse(textOf(item, name)) as T;
  } catch (error) {
    throw corrupt(`${String(item['pk'])}: ${name} is not JSON`, error);
  }
}

export function headItem(key: ItemKey, head: ChannelHead): Item {
  return {
    ...key,
    // The caller may go on using its buffer.
    envelope: head.envelope.slice(),
    expiresAtSeconds: head.expiresAtSeconds,
    payloadSha256Hex: head.payloadSha256Hex,
    revision: head.revision,
    sequence: head.sequence,
  };
}

export function toHead(item: Item): ChannelHead {
  const { envelope } = item;
  if (!(envelope instanceof Uint8Array)) throw corrupt(`${String(item['pk'])}: envelope is not binary`);
  return {
    envelope: new Uint8Array(envelope),
    expiresAtSeconds: integerOf(item, 'expiresAtSeconds'),
    payloadSha256Hex: textOf(item, 'payloadSha256Hex'),
    revision: integerOf(item, 'revision'),
    sequence: integerOf(item, 'sequence'),
  };
}

export function releaseItem(key: ItemKey, { indexed, release }: StoredRelease): Item {
  const { versionCode: code } = release;
  return {
    ...key,
    // As text: comes back exactly as it was, empty members and all.
    body: JSON.stringify(release),
    code,
    ...(indexed ? { indexedCode: code } : {}),
  };
}

export function toRelease(item: Item): StoredRelease {
  return { indexed: item['indexedCode'] !== undefined, release: jsonOf(item, 'body') };
}

export function auditItem(key: ItemKey, number: number, entry: AuditEntry): Item {
  return { ...key, body: JSON.stringify(entry), number };
}

export function toAuditEntry(item: Item): StoredAuditEntry {
  return { ...jsonOf<AuditEntry>(item, 'body'), number: integerOf(item, 'number') };
}

export function apiKeyItem(key: ItemKey, { revokedAtMs, ...record }: ApiKeyRecord): Item {
  return {
    ...key,
    body: JSON.stringify(record),
    ...(revokedAtMs === undefined ? {} : { revokedAtMs }),
  };
}

export function toApiKey(item: Item): ApiKeyRecord {
  const record = jsonOf<ApiKeyRecord>(item, 'body');
  return item['revokedAtMs'] === undefined
    ? record
    : { ...record, revokedAtMs: integerOf(item, 'revokedAtMs') };
}
