import { type ChannelScope } from '@kivyx-ota/manifest';
import { channelKey } from '@kivyx-ota/database';

/** Primary key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

const MAX_PARTITION_KEY_BYTES = 2048;
const MAX_SORT_KEY_BYTES = 1024;

/** `#` separates the parts, so within a part it is written as `%23`. */
function join(parts: readonly string[]): string {
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll('#', '%23')).join('#');
}

function key(pk: string, sk: string): ItemKey {
  for (const [text, limit] of [
    [pk, MAX_PARTITION_KEY_BYTES],
    [sk, MAX_SORT_KEY_BYTES],
  ] as const)
    if (text.length * 3 > limit && new TextEncoder().encode(text).length > limit)
      throw new RangeError(
        `DynamoDB takes keys up to ${limit} bytes; this one is longer: ${text.slice(0, 80)}…`,
      );
  return { pk, sk };
}

/** Sorts as text as the number does. */
export function padded(number: number): string {
  return String(number).padStart(16, '0');
}

export function headKey(scope: ChannelScope): ItemKey {
  return key(join(['channel', channelKey(scope)]), 'head');
}

export function releasesPartition(scope: ChannelScope): string {
  return join(['releases', channelKey(scope)]);
}

export function releaseKey(scope: ChannelScope, releaseId: string): ItemKey {
  return key(releasesPartition(scope), `id#${releaseId}`);
}

export function auditPartition(subject: string): string {
  return join(['audit', subject]);
}

export function auditKey(subject: string, number: number): ItemKey {
  return key(auditPartition(subject), padded(number));
}

/** In a partition of its own: the log is a list of entries and nothing else. */
export function auditNumberKey(subject: string): ItemKey {
  return key(join(['audit-number', subject]), 'last');
}

export function apiKeyKey(id: string): ItemKey {
  return key(join(['api-key', id]), 'key');
}

export function eventKey(channel: string, eventId: string): ItemKey {
  return key(join(['event', channel, eventId]), 'event');
}

export function deviceKey(channel: string, releaseId: string, deviceHash: string): ItemKey {
  return key(join(['device', channel, releaseId, deviceHash]), 'marks');
}

export function countsPartition(channel: string, releaseId: string): string {
  return join(['counts', channel, releaseId]);
}

export const TOTAL_PREFIX = 'total#';

export function totalKey(channel: string, releaseId: string, shard: number): ItemKey {
  return key(countsPartition(channel, releaseId), `${TOTAL_PREFIX}${shard}`);
}

/** Without a shard: what sorts before all shards of the hour. */
export function hourSortKey(hourStartSeconds: number, shard?: number): string {
  return `hour#${padded(hourStartSeconds)}${shard === undefined ? '' : `#${shard}`}`;
}

export function hourKey(
  channel: string,
  releaseId: string,
  hourStartSeconds: number,
  shard: number,
): ItemKey {
  return key(countsPartition(channel, releaseId), hourSortKey(hourStartSeconds, shard));
}

export const SWEEP_SHARDS = 4;

/** Hash key of the sweep index. */
export function sweepPartition(shard: number): string {
  return `sweep#${shard}`;
}
