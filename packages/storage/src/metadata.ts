import type { ObjectMetadata } from './object-storage.ts';

/** Fills in what a put left out (clause 3). */
export function completeMetadata(given: Partial<ObjectMetadata>): ObjectMetadata {
  const base = {
    cacheControl: given.cacheControl ?? 'no-store',
    contentType: given.contentType ?? 'application/octet-stream',
  };
  return given.contentEncoding === undefined ? base : { ...base, contentEncoding: given.contentEncoding };
}

/** The part of `body` that `range` names (clause 9). */
export function sliceRange(
  body: Uint8Array,
  range: { readonly startByte: number; readonly endByte: number } | undefined,
): Uint8Array {
  return range === undefined ? body.slice() : body.slice(Math.max(0, range.startByte), range.endByte + 1);
}
