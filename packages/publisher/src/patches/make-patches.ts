import { sha256Hex } from '@kivyx-ota/core/sha256';
import { LIMITS, objectKey, patchKey, type PatchRef } from '@kivyx-ota/manifest';
import { publishError } from '../error.ts';
import { inParallel } from '../in-parallel.ts';
import type { MadePatch, PatchMaker, PatchSections, PublisherOptions } from '../options.ts';
import { findStoredPatch, givesTarget, type PatchPair, storePatch } from './patch-cache.ts';
import { type AddressedFile, IMMUTABLE } from '../objects/upload-objects.ts';

/** A launch file to start from; without bytes it is read from the storage. */
export interface PatchBase {
  readonly sha256Hex: string;
  readonly bytes?: Uint8Array;
}

/** What became of a base. */
export interface PatchOutcome {
  readonly baseSha256Hex: string;
  /** Absent when there is none. */
  readonly patch?: PatchRef;
  /** It was stored already and not built again. */
  readonly reused?: boolean;
  readonly skipped?: 'not-worth-it' | 'base-missing';
  /** What the bytes were spent on, where the format says so. */
  readonly sections?: PatchSections;
}

/**
 * Finds or makes a patch from each base, applies it with the devices' decoder, and uploads it. A patch that does not give back
 * exactly the target is a bug of ours and stops the publication before the channel is touched.
 *
 * @throws ERR_PUBLISH_CORRUPT
 */
export async function makePatches(
  options: PublisherOptions,
  maker: PatchMaker,
  target: AddressedFile,
  bases: readonly PatchBase[],
  fullSizeBytes: number,
): Promise<readonly PatchOutcome[]> {
  const { onEvent } = options;
  const wanted = bases
    .filter(
      ({ sha256Hex: hash }, i) =>
        hash !== target.sha256Hex && bases.findIndex((one) => one.sha256Hex === hash) === i,
    )
    .slice(0, LIMITS.patchesPerRelease);
  let done = 0;
  return inParallel(wanted, maker.concurrency ?? 1, async (base) => {
    const outcome = await patchFrom(options, maker, target, base, fullSizeBytes);
    done++;
    onEvent?.({
      baseSha256Hex: base.sha256Hex,
      done,
      total: wanted.length,
      type: 'patch',
      ...(outcome.patch === undefined
        ? {}
        : { format: outcome.patch.format, sizeBytes: outcome.patch.sizeBytes }),
      ...(outcome.reused === undefined ? {} : { reused: outcome.reused }),
      ...(outcome.skipped === undefined ? {} : { skipped: outcome.skipped }),
    });
    return outcome;
  });
}

/** What {@link makePatches} relies on, for the sweep guard: any format of each pair, and the bases. */
export function keysOfPairs(bases: readonly PatchBase[], targetSha256Hex: string): readonly string[] {
  return bases.flatMap(({ sha256Hex: hash }) => [patchKey(hash, targetSha256Hex, 'any'), objectKey(hash)]);
}

async function patchFrom(
  options: PublisherOptions,
  maker: PatchMaker,
  target: AddressedFile,
  { bytes: given, sha256Hex: baseSha256Hex }: PatchBase,
  fullSizeBytes: number,
): Promise<PatchOutcome> {
  const { storage } = options;
  const base =
    given ?? (await storage.get(objectKey(baseSha256Hex), { maxSizeBytes: LIMITS.objectSizeBytes }))?.body;
  if (base === undefined || sha256Hex(base) !== baseSha256Hex)
    return { baseSha256Hex, skipped: 'base-missing' };
  const pair: PatchPair = {
    base,
    baseSha256Hex,
    target: target.bytes,
    targetSha256Hex: target.sha256Hex,
  };
  const stored = await findStoredPatch(options, maker, pair);
  const made: MadePatch | undefined = stored ?? (await maker.create(base, target.bytes, fullSizeBytes));
  if (made === undefined) return { baseSha256Hex, skipped: 'not-worth-it' };
  if (stored === undefined && !(await givesTarget(maker, pair, made.bytes))) {
    throw publishError(
      'ERR_PUBLISH_CORRUPT',
      `A ${made.format} patch does not give back its target; please report base and target`,
      { details: { baseSha256Hex, targetSha256Hex: target.sha256Hex } },
    );
  }
  // The base of an embedded bundle is kept too, so that the channel can be verified by itself.
  if (given !== undefined) {
    await storage.put(objectKey(baseSha256Hex), base, {
      cacheControl: IMMUTABLE,
      contentType: 'application/octet-stream',
      ifAbsent: true,
    });
  }
  const { bytes, format } = stored ?? (await storePatch(options, maker, pair, made));
  const { sections } = made;
  return {
    baseSha256Hex,
    patch: { baseSha256Hex, format, sha256Hex: sha256Hex(bytes), sizeBytes: bytes.length },
    reused: stored !== undefined,
    ...(sections === undefined ? {} : { sections }),
  };
}
