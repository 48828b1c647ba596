import { equalBytes } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type ChannelIndex, LIMITS, objectKey, patchKey, type PatchRef } from '@kivyx-ota/manifest';
import { publishError } from './error.ts';
import type { PatchMaker, PublisherOptions } from './options.ts';
import { type AddressedFile, IMMUTABLE } from './upload-objects.ts';

/** The launch files that patches should start from: embedded ones first, then the newest of the channel. */
export function patchBases(
  index: ChannelIndex | undefined,
  target: { readonly sha256Hex: string; readonly runtimeVersion?: string; readonly binaryVersion?: string },
  count: number,
): readonly string[] {
  const bases: string[] = [];
  for (const release of (index?.releases ?? []).slice().reverse()) {
    const sameRuntime =
      release.runtimeVersion === target.runtimeVersion && release.binaryVersion === target.binaryVersion;
    if (release.status === 'revoked' || !sameRuntime || release.launchSha256Hex === target.sha256Hex)
      continue;
    if (bases.length < count && !bases.includes(release.launchSha256Hex)) bases.push(release.launchSha256Hex);
  }
  return bases;
}

/**
 * Makes, checks and uploads a patch from each base. A patch that does not give back exactly the target in the devices'
 * decoder is a bug of ours and stops the publication before the channel is touched.
 *
 * @throws ERR_PUBLISH_CORRUPT
 */
export async function makePatches(
  options: PublisherOptions,
  maker: PatchMaker,
  target: AddressedFile,
  bases: readonly (string | Uint8Array)[],
  fullSizeBytes: number,
): Promise<readonly PatchRef[]> {
  const { storage, onEvent } = options;
  const patches: PatchRef[] = [];
  for (const base of bases) {
    const baseSha256Hex = typeof base === 'string' ? base : sha256Hex(base);
    const known = patches.some((patch) => patch.baseSha256Hex === baseSha256Hex);
    if (known || baseSha256Hex === target.sha256Hex || patches.length >= LIMITS.patchesPerRelease) continue;
    const bytes =
      typeof base === 'string'
        ? (await storage.get(objectKey(base), { maxSizeBytes: LIMITS.objectSizeBytes }))?.body
        : base;
    if (bytes === undefined || sha256Hex(bytes) !== baseSha256Hex) {
      onEvent?.({ baseSha256Hex, skipped: 'base-missing', type: 'patch' });
      continue;
    }
    const patch = await maker.create(bytes, target.bytes, fullSizeBytes);
    if (patch === undefined) {
      onEvent?.({ baseSha256Hex, skipped: 'not-worth-it', type: 'patch' });
      continue;
    }
    const applied = await maker.apply(bytes, patch.bytes);
    if (!equalBytes(applied, target.bytes)) {
      throw publishError(
        'ERR_PUBLISH_CORRUPT',
        `A ${patch.format} patch does not give back its target; please report base and target`,
        {
          details: { baseSha256Hex, targetSha256Hex: target.sha256Hex },
        },
      );
    }
    const put = { cacheControl: IMMUTABLE, contentType: 'application/octet-stream' };
    // The base of an embedded bundle is kept too, so that the channel can be verified by itself.
    if (typeof base !== 'string')
      await storage.put(objectKey(baseSha256Hex), bytes, { ...put, ifAbsent: true });
    await storage.put(patchKey(baseSha256Hex, target.sha256Hex, patch.format), patch.bytes, put);
    patches.push({
      baseSha256Hex,
      format: patch.format,
      sha256Hex: sha256Hex(patch.bytes),
      sizeBytes: patch.bytes.length,
    });
    onEvent?.({ baseSha256Hex, format: patch.format, sizeBytes: patch.bytes.length, type: 'patch' });
  }
  return patches;
}
