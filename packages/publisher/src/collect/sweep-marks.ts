import { bytesToUtf8, utf8ToBytes } from '@kivyx-ota/core';
import type { ObjectStorage, PutResult } from '@kivyx-ota/storage';
import { publishError } from '../error.ts';

/** What the collector found unused, since when, and what it is deleting now. */
export interface SweepMarks {
  /** Key → second in which it was first found unused. */
  readonly marks: Readonly<Record<string, number>>;
  readonly sweep?: { readonly keys: readonly string[]; readonly untilSeconds: number };
}

/** {@link SweepMarks} as they are stored. */
export interface StoredMarks extends SweepMarks {
  /** Absent when nothing was ever marked. */
  readonly etag?: string;
}

const KEY = 'gc/marks.json';
const MAX_SIZE_BYTES = 64 * 1024 * 1024;

/**
 * How long a publisher may take from its first look at the storage to the swap of the index. The collector waits at least twice
 * as long between marking and deleting.
 */
export const PUBLISH_WINDOW_SECONDS = 3600;
/** Clocks of publishers and collectors may differ by this much. */
export const CLOCK_SKEW_SECONDS = 300;

/** Objects and their compressed variants live and die together. */
export function withoutVariant(key: string): string {
  return key.startsWith('objects/') ? key.replace(/\.(?:br|gz)$/, '') : key;
}

/** @throws ERR_PUBLISH_GARBAGE when somebody else wrote there */
export async function readMarks(storage: ObjectStorage): Promise<StoredMarks> {
  const stored = await storage.get(KEY, { maxSizeBytes: MAX_SIZE_BYTES });
  if (stored === undefined) return { marks: {} };
  try {
    const { marks, sweep } = JSON.parse(bytesToUtf8(stored.body)) as SweepMarks;
    const sound =
      typeof marks === 'object' &&
      Object.values(marks).every(Number.isFinite) &&
      (sweep === undefined || (Array.isArray(sweep.keys) && Number.isFinite(sweep.untilSeconds)));
    if (!sound) throw new TypeError('not marks');
    return { etag: stored.etag, marks, ...(sweep === undefined ? {} : { sweep }) };
  } catch (error) {
    throw publishError('ERR_PUBLISH_GARBAGE', `${KEY} cannot be read; delete it, and the wait begins anew`, {
      cause: error,
    });
  }
}

/** Writes `next` if nobody has written since `before` was read. */
export function swapMarks(storage: ObjectStorage, before: StoredMarks, next: SweepMarks): Promise<PutResult> {
  const condition = before.etag === undefined ? { ifAbsent: true } : { ifMatch: before.etag };
  return storage.put(KEY, utf8ToBytes(JSON.stringify(next)), {
    ...condition,
    cacheControl: 'private, no-store',
    contentType: 'application/json',
  });
}
