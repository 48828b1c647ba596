import { equalBytes } from '@kivyx-ota/core';
import { LIMITS, patchKey } from '@kivyx-ota/manifest';
import type { PatchMaker, PublisherOptions } from '../options.ts';
import { IMMUTABLE } from '../objects/upload-objects.ts';

/** A patch in the storage that gives the target back. */
export interface StoredPatch {
  readonly format: string;
  readonly bytes: Uint8Array;
}

/** Base, target and what is between them. */
export interface PatchPair {
  readonly baseSha256Hex: string;
  readonly base: Uint8Array;
  readonly targetSha256Hex: string;
  readonly target: Uint8Array;
}

/** True when the devices' decoder makes the target from base and patch. */
export async function givesTarget(
  maker: PatchMaker,
  { base, target }: PatchPair,
  patch: Uint8Array,
): Promise<boolean> {
  return equalBytes(await maker.apply(base, patch), target);
}

/**
 * The smallest patch of the pair that is stored already and works. A stored patch is never replaced by another that works too: an
 * index somewhere names it by hash, and a newer encoder would make other bytes.
 */
export async function findStoredPatch(
  { storage }: PublisherOptions,
  maker: PatchMaker,
  pair: PatchPair,
): Promise<StoredPatch | undefined> {
  const folder = `patches/${pair.baseSha256Hex}/`;
  const { objects } = await storage.list(`${folder}${pair.targetSha256Hex}`);
  const bySize = objects
    .filter(({ key, sizeBytes }) => sizeBytes <= LIMITS.objectSizeBytes && key.lastIndexOf('.') > 0)
    .sort((a, b) => a.sizeBytes - b.sizeBytes);
  for (const { key } of bySize) {
    const found = await storage.get(key, { maxSizeBytes: LIMITS.objectSizeBytes });
    const works = found !== undefined && (await givesTarget(maker, pair, found.body).catch(() => false));
    if (works) return { bytes: found.body, format: key.slice(key.lastIndexOf('.') + 1) };
  }
  return undefined;
}

/** Stores a patch that was applied; gives what is stored in the end, which another publisher may have written. */
export async function storePatch(
  { storage }: PublisherOptions,
  maker: PatchMaker,
  pair: PatchPair,
  patch: StoredPatch,
): Promise<StoredPatch> {
  const key = patchKey(pair.baseSha256Hex, pair.targetSha256Hex, patch.format);
  const put = { cacheControl: IMMUTABLE, contentType: 'application/octet-stream' };
  const { written } = await storage.put(key, patch.bytes, { ...put, ifAbsent: true });
  if (written) return patch;
  const theirs = (await storage.get(key, { maxSizeBytes: LIMITS.objectSizeBytes }))?.body;
  if (theirs !== undefined && (await givesTarget(maker, pair, theirs).catch(() => false)))
    return { bytes: theirs, format: patch.format };
  // Damaged: whoever names it cannot use it anyway.
  await storage.put(key, patch.bytes, put);
  return patch;
}
