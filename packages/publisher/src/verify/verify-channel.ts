import { isOtaError } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import {
  type IndexRelease,
  keysForRole,
  LIMITS,
  manifestKey,
  objectKey,
  patchKey,
  verifyManifest,
} from '@kivyx-ota/manifest';
import { readChannel } from '../channel/channel-document.ts';
import { trustRootOf } from '../channel/trust-root-of.ts';
import type { PatchMaker, PublisherOptions } from '../options.ts';

/** Something a device would stumble over. */
export interface ChannelProblem {
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

/** What a walk through a channel found. */
export interface ChannelReport {
  readonly sequence?: number;
  readonly releases: number;
  readonly objects: number;
  readonly patches: number;
  readonly bytes: number;
  readonly problems: readonly ChannelProblem[];
}

/**
 * Reads everything a channel names, as a device would: index, manifests, every object by its hash, every patch by applying
 * it. Problems are collected, not thrown, so that one run shows them all.
 */
export async function verifyChannel(options: PublisherOptions, maker: PatchMaker): Promise<ChannelReport> {
  const { storage, scope } = options;
  const problems: ChannelProblem[] = [];
  const counts = { bytes: 0, objects: 0, patches: 0 };
  const checked = new Map<string, Uint8Array | undefined>();
  const problem = (key: string, error: unknown): void => {
    problems.push({
      code: isOtaError(error) ? error.code : 'ERR_PUBLISH_CORRUPT',
      key,
      message: error instanceof Error ? error.message : String(error),
    });
  };

  const fetchHashed = async (
    key: string,
    hash: string,
    sizeBytes: number | undefined,
  ): Promise<Uint8Array | undefined> => {
    if (checked.has(key)) return checked.get(key);
    let body: Uint8Array | undefined;
    try {
      body = (await storage.get(key, { maxSizeBytes: LIMITS.objectSizeBytes }))?.body;
      if (body === undefined) throw new Error('is named but not there');
      counts.bytes += body.length;
      if (sha256Hex(body) !== hash) throw new Error('does not have the bytes that its name promises');
      if (sizeBytes !== undefined && body.length !== sizeBytes)
        throw new Error(`has ${body.length} bytes, ${sizeBytes} are named`);
    } catch (error) {
      problem(key, error);
      body = undefined;
    }
    checked.set(key, body);
    return body;
  };

  const verifyRelease = async (release: IndexRelease): Promise<void> => {
    const key = manifestKey(release.manifest.sha256Hex);
    const envelope = await fetchHashed(key, release.manifest.sha256Hex, release.manifest.sizeBytes);
    if (envelope === undefined) return;
    const { document } = verifyManifest(envelope, {
      keys: keysForRole(trustRootOf(options), 'release'),
      scope,
    });
    for (const name of ['releaseId', 'versionCode', 'version', 'runtimeVersion', 'binaryVersion'] as const) {
      if (document[name] !== release[name]) throw new Error(`manifest and index disagree on ${name}`);
    }
    if (document.launch.sha256Hex !== release.launchSha256Hex)
      throw new Error('manifest and index disagree on the launch file');
    for (const file of [document.launch, ...document.assets]) {
      counts.objects++;
      await fetchHashed(objectKey(file.sha256Hex), file.sha256Hex, file.sizeBytes);
    }
    for (const patch of release.patches) {
      counts.patches++;
      const where = patchKey(patch.baseSha256Hex, release.launchSha256Hex, patch.format);
      const bytes = await fetchHashed(where, patch.sha256Hex, patch.sizeBytes);
      const base = await fetchHashed(objectKey(patch.baseSha256Hex), patch.baseSha256Hex, undefined);
      if (bytes === undefined || base === undefined) continue;
      try {
        if (sha256Hex(await maker.apply(base, bytes)) !== release.launchSha256Hex)
          throw new Error('gives another file than the release');
      } catch (error) {
        problem(where, error);
      }
    }
  };

  let releases: readonly IndexRelease[] = [];
  let sequence: number | undefined;
  try {
    const channel = await readChannel(options);
    releases = channel?.index.releases ?? [];
    sequence = channel?.index.sequence;
  } catch (error) {
    problem('index', error);
  }
  for (const release of releases) {
    await verifyRelease(release).catch((error: unknown) => {
      // Its key was rotated away: devices are told to leave it, and none installs it.
      if (release.status === 'revoked' && isOtaError(error, 'ERR_COSE_KEY_UNKNOWN')) return;
      problem(manifestKey(release.manifest.sha256Hex), error);
    });
  }
  return { ...counts, problems, releases: releases.length, ...(sequence === undefined ? {} : { sequence }) };
}
