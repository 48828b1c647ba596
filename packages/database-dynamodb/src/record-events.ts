import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { StoredEvent } from '@kivyx-ota/database';
import { integerOf, type Item } from './items.ts';
import {
  deviceKey,
  eventKey,
  hourKey,
  type ItemKey,
  SWEEP_SHARDS,
  sweepPartition,
  totalKey,
} from './keys.ts';
import { TTL_ATTRIBUTE } from './table.ts';
import { transact, untilDone, type WriteItem } from './transact.ts';

/** What {@link recordEvents} needs. */
export interface RecordOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly nowSeconds: () => number;
  readonly counterShards: number;
  readonly isSwept: boolean;
  readonly maxTransactionItems: number;
}

const MAX_EVENTS = 50;
/** Itself, its device, the total of its release, the hour. */
const MOST_PER_EVENT = 4;

interface Device {
  readonly key: ItemKey;
  readonly releaseId: string;
  /** New marks of this device, each with the hour in which it was first said. */
  readonly hours: Map<string, number>;
}

interface Chunk {
  readonly events: StoredEvent[];
  readonly devices: Map<string, Device>;
}

/**
 * Stores what is new of `batch` and counts it: one read of all events and devices it names, then as few transactions as hold
 * it. Every transaction is complete by itself: its events, its devices' marks and the counters.
 *
 * @throws RangeError for more than 50 events, or events of several channels
 */
export async function recordEvents(options: RecordOptions, batch: readonly StoredEvent[]): Promise<number> {
  const [first] = batch;
  if (first === undefined) return 0;
  if (batch.length > MAX_EVENTS)
    throw new RangeError(`recordEvents: ${batch.length} events, at most ${MAX_EVENTS}`);
  const byId = new Map<string, StoredEvent>();
  for (const event of batch) {
    if (event.channelKey !== first.channelKey)
      throw new RangeError('recordEvents: events of several channels');
    if (!byId.has(event.eventId)) byId.set(event.eventId, event);
  }
  let accepted = 0;
  let waiting: readonly StoredEvent[] = [...byId.values()];
  return untilDone('recordEvents', async () => {
    const known = await readKnown(options, waiting);
    const fresh = waiting.filter(
      ({ channelKey, eventId }) => !known.events.has(eventKey(channelKey, eventId).pk),
    );
    const lost: StoredEvent[] = [];
    // One after the other: chunks share devices and counters, and would only get in each other's way.
    for (const chunk of chunksOf(fresh, known.marks, options.maxTransactionItems)) {
      const { done } = await transact(options.client, writesOf(options, chunk));
      if (done) accepted += chunk.events.length;
      else lost.push(...chunk.events);
    }
    waiting = lost;
    return lost.length === 0 ? accepted : undefined;
  });
}

interface Known {
  /** Partition keys of events that are stored and have not expired. */
  readonly events: ReadonlySet<string>;
  /** Marks by partition key of the device. */
  readonly marks: Map<string, Set<string>>;
}

async function readKnown(
  { client, nowSeconds, tableName }: RecordOptions,
  events: readonly StoredEvent[],
): Promise<Known> {
  const keys = new Map<string, ItemKey>();
  for (const { channelKey, deviceHash, eventId, marks, releaseId } of events) {
    const event = eventKey(channelKey, eventId);
    keys.set(event.pk, event);
    const device = deviceKey(channelKey, releaseId, deviceHash);
    if (marks.length > 0) keys.set(device.pk, device);
  }
  const found: Item[] = [];
  let rest: Record<string, unknown>[] = [...keys.values()].map((key) => ({ ...key }));
  while (rest.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { ConsistentRead: true, Keys: rest } } }),
    );
    found.push(...(Responses?.[tableName] ?? []));
    // Present when DynamoDB is short of capacity: the client's own retries have then slowed down already.
    rest = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  const now = nowSeconds();
  return {
    // DynamoDB removes them up to days late; that must not make a difference.
    events: new Set(
      found
        .filter((item) => item['sk'] === 'event' && integerOf(item, TTL_ATTRIBUTE) > now)
        .map(({ pk }) => pk as string),
    ),
    marks: new Map(
      found
        .filter(({ sk }) => sk === 'marks')
        .map(({ marks, pk }) => [pk as string, new Set(marks as Iterable<string> | undefined)]),
    ),
  };
}

/** Parts of `events` that fit a transaction each. `marks` is brought up to date as if each were written. */
function chunksOf(
  events: readonly StoredEvent[],
  marks: Map<string, Set<string>>,
  maxItems: number,
): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let items = Infinity;
  for (const event of events) {
    if (items + MOST_PER_EVENT > maxItems) {
      chunks.push({ devices: new Map(), events: [] });
      items = 0;
    }
    const chunk = chunks[chunks.length - 1] as Chunk;
    chunk.events.push(event);
    const key = deviceKey(event.channelKey, event.releaseId, event.deviceHash);
    const known = marks.get(key.pk) ?? new Set();
    marks.set(key.pk, known);
    const hour = Math.floor(event.atSeconds / 3600) * 3600;
    for (const mark of event.marks) {
      const device: Device = chunk.devices.get(key.pk) ?? {
        hours: new Map(),
        key,
        releaseId: event.releaseId,
      };
      const said = device.hours.get(mark);
      if (said === undefined && known.has(mark)) continue;
      known.add(mark);
      device.hours.set(mark, Math.min(hour, said ?? hour));
      chunk.devices.set(key.pk, device);
    }
    items = countItems(chunk);
  }
  return chunks;
}

/** Events, devices, and the counters' items. */
function countItems({ devices, events }: Chunk): number {
  return events.length + devices.size + sumsOf(events[0]?.channelKey ?? '', devices, 0).size;
}

interface Sum {
  readonly key: ItemKey;
  readonly devices: Map<string, number>;
}

/** What the counters rise by: one item per release, and one per release and hour. */
function sumsOf(channel: string, devices: ReadonlyMap<string, Device>, shard: number): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  const add = (key: ItemKey, mark: string): void => {
    const id = `${key.pk} ${key.sk}`;
    const sum = sums.get(id) ?? { devices: new Map<string, number>(), key };
    sums.set(id, sum);
    sum.devices.set(mark, (sum.devices.get(mark) ?? 0) + 1);
  };
  for (const { hours, releaseId } of devices.values()) {
    for (const [mark, hour] of hours) {
      add(totalKey(channel, releaseId, shard), mark);
      add(hourKey(channel, releaseId, hour, shard), mark);
    }
  }
  return sums;
}

function writesOf(options: RecordOptions, { devices, events }: Chunk): readonly WriteItem[] {
  const { counterShards, isSwept, nowSeconds, tableName: TableName } = options;
  const channel = events[0]?.channelKey ?? '';
  // Anew for each attempt: many devices that start at once spread over the shards.
  const shard = Math.floor(Math.random() * counterShards);
  return [
    ...events.map((event, i) => ({
      Put: {
        ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
        ExpressionAttributeNames: { '#ttl': TTL_ATTRIBUTE },
        ExpressionAttributeValues: { ':now': nowSeconds() },
        Item: {
          ...eventKey(channel, event.eventId),
          body: JSON.stringify(event),
          [TTL_ATTRIBUTE]: event.expiresAtSeconds,
          ...(isSwept ? { sweep: sweepPartition(i % SWEEP_SHARDS) } : {}),
        },
        TableName,
      },
    })),
    ...[...devices.values()].map(({ hours, key }) => {
      const marks = [...hours.keys()];
      return {
        Update: {
          // None of them may have been counted since they were read.
          ConditionExpression: marks.map((_, i) => `NOT contains(marks, :mark${i})`).join(' AND '),
          ExpressionAttributeValues: {
            ':marks': new Set(marks),
            ...Object.fromEntries(marks.map((mark, i) => [`:mark${i}`, mark])),
          },
          Key: { ...key },
          TableName,
          UpdateExpression: 'ADD marks :marks',
        },
      };
    }),
    ...[...sumsOf(channel, devices, shard).values()].map(({ devices: sum, key }) => {
      const marks = [...sum];
      return {
        Update: {
          ExpressionAttributeNames: Object.fromEntries(
            marks.map(([mark], i) => [`#mark${i}`, `mark:${mark}`]),
          ),
          ExpressionAttributeValues: Object.fromEntries(marks.map(([, count], i) => [`:count${i}`, count])),
          Key: { ...key },
          TableName,
          UpdateExpression: `ADD ${marks.map((_, i) => `#mark${i} :count${i}`).join(', ')}`,
        },
      };
    }),
  ];
}
