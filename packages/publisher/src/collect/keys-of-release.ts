import { sha256Hex } from '@kivyx-ota/core/sha256';
import {
  attestationKey,
  type IndexRelease,
  LIMITS,
  type Manifest,
  manifestKey,
  objectKey,
  patchKey,
} from '@kivyx-ota/manifest';
import { publishError } from '../error.ts';
import type { PublisherOptions } from '../options.ts';
import { sourceMapKey } from '../objects/source-map.ts';
import { unverifiedManifest } from '../channel/unverified.ts';

/** The manifest of a release and every key it names; undefined when it is not there. @throws ERR_PUBLISH_CORRUPT */
export async function keysOfManifest(
  { storage }: PublisherOptions,
  { manifest: { sha256Hex: hash } }: IndexRelease,
): Promise<readonly string[] | undefined> {
  const key = manifestKey(hash);
  const stored = await storage.get(key, {
    maxSizeBytes: LIMITS.manifestSizeBytes + LIMITS.envelopeOverheadBytes,
  });
  if (stored === undefined) return undefined;
  const { assets, launch } = readManifest(key, hash, stored.body);
  return [
    key,
    attestationKey(hash),
    sourceMapKey(launch.sha256Hex),
    ...[launch, ...assets].map((file) => objectKey(file.sha256Hex)),
  ];
}

/** The patches of a release, and their bases, which `verify` needs. */
export function keysOfPatches({ launchSha256Hex, patches }: IndexRelease): readonly string[] {
  return patches.flatMap(({ baseSha256Hex, format }) => [
    patchKey(baseSha256Hex, launchSha256Hex, format),
    objectKey(baseSha256Hex),
  ]);
}

/** Its hash is in a signed index; who signed the manifest is a matter of `verify`. */
function readManifest(key: string, hash: string, envelope: Uint8Array): Manifest {
  try {
    if (sha256Hex(envelope) !== hash) throw new Error('its bytes are not those that its name promises');
    return unverifiedManifest(envelope);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw publishError('ERR_PUBLISH_CORRUPT', `${key} is damaged: ${reason}`, { cause: error });
  }
}
