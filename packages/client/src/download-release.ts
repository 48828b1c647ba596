import { isOtaError } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import {
  type FileEntry,
  type IndexRelease,
  keysForRole,
  type Manifest,
  manifestKey,
  patchKey,
  type TrustRoot,
  verifyManifest,
} from '@kivyx-ota/manifest';
import { refusal } from './check-for-update.ts';
import { type ClientContext, fetchKey, readBoot } from './context.ts';
import { downloadObject, objectPath } from './object/download-object.ts';
import { partPath } from './object/part.ts';
import { clientError } from './error.ts';
import type { DownloadProgress, PatchFallbackReason } from './events.ts';
import { bundleFolder, LAUNCH_FILE, MANIFEST_FILE, readInstalled } from './installed.ts';
import type { PatchDecoder } from './patch-decoder.ts';
import type { StopSignal } from './ports.ts';

/** A release that lies complete and verified in `bundles/`, not yet chosen for the next start. */
export interface DownloadedRelease {
  readonly release: IndexRelease;
  readonly manifest: Manifest;
  /** Bytes that came over the network for it. */
  readonly receivedBytes: number;
  /** Bytes that a device without anything would have fetched. */
  readonly fullBytes: number;
  /** `patch`, `full`, or `present` when nothing had to be fetched. */
  readonly how: 'full' | 'patch' | 'present';
}

export interface DownloadOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: StopSignal;
}

/**
 * Manifest → every file, from the device where it is there, by patch where one fits, else whole → a complete folder, moved into place
 * in one step. Stopped anywhere, the next call goes on from what is there.
 *
 * @throws ERR_CLIENT_MANIFEST_MISMATCH when manifest and index disagree; ERR_CLIENT_NO_SPACE before anything large is fetched; ERR_CLIENT_HASH; ERR_DOCUMENT_…, ERR_COSE_…, network
 */
export async function downloadRelease(
  context: ClientContext,
  root: TrustRoot,
  release: IndexRelease,
  decoder: PatchDecoder | undefined,
  options: DownloadOptions,
): Promise<DownloadedRelease> {
  const { files, timer } = context.ports;
  const startedMs = timer.monotonicMs();
  const {
    manifest,
    payload,
    receivedBytes: manifestBytes,
  } = await fetchManifest(context, root, release, options.signal);
  const entries: readonly FileEntry[] = [manifest.launch, ...manifest.assets];
  const fullBytes = entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const folder = bundleFolder(release.launchSha256Hex);

  const present = await readInstalled(files, release.launchSha256Hex);
  if (present !== undefined) {
    if (present.releaseId !== manifest.releaseId) {
      throw clientError(
        'ERR_CLIENT_STATE',
        `Releases ${present.releaseId} and ${manifest.releaseId} have the same launch file`,
      );
    }
    return { fullBytes, how: 'present', manifest, receivedBytes: manifestBytes, release };
  }

  const progress = createProgress(options);
  const missing = await missingEntries(context, entries);
  await checkSpace(context, missing, fullBytes);
  progress.expect(missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  let how: DownloadedRelease['how'] = missing.length === 0 ? 'present' : 'full';
  const launchMissing = missing.find(({ sha256Hex: hash }) => hash === manifest.launch.sha256Hex);
  if (
    launchMissing !== undefined &&
    (await tryPatch(context, release, manifest, decoder, progress, options.signal))
  ) {
    how = 'patch';
    missing.splice(missing.indexOf(launchMissing), 1);
  }
  await inParallel(missing, context.maxParallelDownloads, (entry) =>
    downloadObject(context, entry, progress, options.signal),
  );

  await assemble(context, manifest, payload, folder);
  for (const { sha256Hex: hash } of entries) await files.remove(objectPath(hash));
  const receivedBytes = progress.received() + manifestBytes;
  context.emit({
    durationMs: Math.round(timer.monotonicMs() - startedMs),
    files: entries.length,
    how,
    receivedBytes,
    releaseId: manifest.releaseId,
    reusedFiles: entries.length - missing.length,
    type: 'download',
  });
  return { fullBytes, how, manifest, receivedBytes, release };
}

async function fetchManifest(
  context: ClientContext,
  root: TrustRoot,
  release: IndexRelease,
  signal: StopSignal | undefined,
): Promise<{ readonly manifest: Manifest; readonly payload: Uint8Array; readonly receivedBytes: number }> {
  const { sha256Hex: hash, sizeBytes } = release.manifest;
  const { body } = await fetchKey(context, manifestKey(hash), {
    accept: [200],
    maxSizeBytes: sizeBytes,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    if (body.length !== sizeBytes || sha256Hex(body) !== hash) {
      throw clientError(
        'ERR_CLIENT_HASH',
        `The manifest of ${release.releaseId} has other bytes than signed`,
        { details: { sha256Hex: hash } },
      );
    }
    const { document, payload } = verifyManifest(body, {
      keys: keysForRole(root, 'release'),
      scope: context.scope,
    });
    const agree =
      document.releaseId === release.releaseId &&
      document.versionCode === release.versionCode &&
      document.launch.sha256Hex === release.launchSha256Hex &&
      document.runtimeVersion === release.runtimeVersion &&
      document.binaryVersion === release.binaryVersion;
    if (!agree)
      throw clientError(
        'ERR_CLIENT_MANIFEST_MISMATCH',
        `Manifest and index disagree on release ${release.releaseId}`,
      );
    return { manifest: document, payload, receivedBytes: body.length };
  } catch (error) {
    throw refusal(context, 'manifest', error);
  }
}

/** Files whose object is not on the device yet, each object once. Installed releases are looked at for equal files. */
async function missingEntries(context: ClientContext, entries: readonly FileEntry[]): Promise<FileEntry[]> {
  const { files } = context.ports;
  const local = new Map<string, string>();
  for (const launch of await files.list('bundles')) {
    const manifest = await readInstalled(files, launch);
    if (manifest === undefined) continue;
    local.set(manifest.launch.sha256Hex, `${bundleFolder(launch)}/${LAUNCH_FILE}`);
    for (const { path, sha256Hex: hash } of manifest.assets)
      local.set(hash, `${bundleFolder(launch)}/${path}`);
  }
  const missing: FileEntry[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    const { sha256Hex: hash } = entry;
    if (seen.has(hash)) continue;
    seen.add(hash);
    if ((await files.sha256File(objectPath(hash))) === hash) continue;
    const elsewhere = local.get(hash);
    // Checked again: what lies on the device may have been damaged since it was installed.
    if (elsewhere !== undefined && (await files.sha256File(elsewhere)) === hash) {
      await files.remove(objectPath(hash));
      await files.link(elsewhere, objectPath(hash));
      continue;
    }
    if (await copyEmbedded(context, hash)) continue;
    missing.push(entry);
  }
  return missing;
}

/**
 * Told before the first byte: a download that ends at a full disk was for nothing. What has to come, and the folder of the release, for
 * which a system without hard links (Android, for apps) copies every file.
 */
async function checkSpace(
  { ports: { files } }: ClientContext,
  missing: readonly FileEntry[],
  fullBytes: number,
): Promise<void> {
  const freeBytes = await files.freeBytes?.();
  if (freeBytes === undefined) return;
  let neededBytes = fullBytes;
  for (const { sha256Hex: hash, sizeBytes } of missing)
    neededBytes += sizeBytes - ((await files.sizeOf(partPath(hash))) ?? 0);
  if (neededBytes > freeBytes)
    throw clientError('ERR_CLIENT_NO_SPACE', `${neededBytes} bytes are needed, ${freeBytes} are free`, {
      details: { freeBytes, neededBytes },
    });
}

/** The binary's own assets need not come over the network; believed only as far as the hash goes. */
async function copyEmbedded({ ports: { embedded, files } }: ClientContext, hash: string): Promise<boolean> {
  if (embedded.copyAsset === undefined) return false;
  await files.remove(objectPath(hash));
  if (!(await embedded.copyAsset(hash, objectPath(hash)))) return false;
  if ((await files.sha256File(objectPath(hash))) === hash) return true;
  await files.remove(objectPath(hash));
  return false;
}

async function tryPatch(
  context: ClientContext,
  release: IndexRelease,
  manifest: Manifest,
  decoder: PatchDecoder | undefined,
  progress: Progress,
  signal: StopSignal | undefined,
): Promise<boolean> {
  const { files, embedded } = context.ports;
  const target = manifest.launch;
  const fallback = async (reason: PatchFallbackReason, error?: unknown): Promise<false> => {
    context.emit({
      reason,
      releaseId: release.releaseId,
      type: 'patch-fallback',
      ...(isOtaError(error) ? { code: error.code } : {}),
    });
    if (reason !== 'tried-before') {
      const { record } = await context.trust.load();
      await context.trust.save({
        ...record,
        patchTried: [...record.patchTried.slice(-31), release.releaseId],
      });
    }
    return false;
  };
  if (decoder === undefined || release.patches.length === 0) return false;
  const { record } = await context.trust.load();
  if (record.patchTried.includes(release.releaseId)) return fallback('tried-before');

  const boot = await readBoot(context);
  const base =
    boot.running === 'embedded'
      ? await embedded.read()
      : await files.read(`${bundleFolder(boot.running)}/${LAUNCH_FILE}`);
  if (base === undefined) return fallback('base-missing');
  const baseHash = sha256Hex(base);
  const candidates = release.patches.filter(({ baseSha256Hex }) => baseSha256Hex === baseHash);
  // Having no patch for this base is no failure: the publisher just did not make one.
  if (candidates.length === 0) return false;
  const patch = candidates.find(({ format }) => decoder.formats.includes(format));
  if (patch === undefined) return fallback('format-unknown');
  if (patch.sizeBytes >= target.sizeBytes) return false;

  const patchPath = objectPath(patch.sha256Hex);
  try {
    progress.replace(target.sizeBytes, patch.sizeBytes);
    const key = patchKey(patch.baseSha256Hex, target.sha256Hex, patch.format);
    await downloadObject(context, { ...patch, key, what: 'patch' }, progress, signal);
  } catch (error) {
    if (isOtaError(error, 'ERR_CLIENT_ABORTED')) throw error;
    const isDamaged = isOtaError(error, 'ERR_CLIENT_HASH');
    progress.replace(isDamaged ? 0 : patch.sizeBytes, target.sizeBytes);
    // A network that is down is no fault of the patch: it is tried again next time.
    if (isOtaError(error) && error.retryable) throw error;
    return fallback(isDamaged ? 'patch-damaged' : 'fetch-failed', error);
  }
  try {
    const made = await decoder.apply(base, (await files.read(patchPath)) as Uint8Array, {
      baseSha256Hex: baseHash,
      targetSha256Hex: target.sha256Hex,
      pause: () => context.ports.timer.sleep(0),
      targetSizeBytes: target.sizeBytes,
      ...(signal === undefined ? {} : { signal }),
    });
    if (made.length !== target.sizeBytes || sha256Hex(made) !== target.sha256Hex) {
      throw clientError('ERR_CLIENT_HASH', 'The patch made other bytes than signed');
    }
    await files.write(objectPath(target.sha256Hex), made);
    await files.remove(patchPath);
  } catch (error) {
    if (signal?.aborted === true) throw clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller');
    progress.replace(0, target.sizeBytes);
    return fallback('apply-failed', error);
  }
  context.emit({
    format: patch.format,
    fullSizeBytes: target.sizeBytes,
    patchSizeBytes: patch.sizeBytes,
    releaseId: release.releaseId,
    type: 'patch-hit',
  });
  return true;
}

/** Puts the release together beside `bundles/` and moves it in by one rename. */
async function assemble(
  context: ClientContext,
  manifest: Manifest,
  payload: Uint8Array,
  folder: string,
): Promise<void> {
  const { files } = context.ports;
  const building = `tmp/${manifest.launch.sha256Hex}.release`;
  await files.remove(building);
  await files.link(objectPath(manifest.launch.sha256Hex), `${building}/${LAUNCH_FILE}`);
  for (const { path, sha256Hex: hash } of manifest.assets) {
    if (path === LAUNCH_FILE || path === MANIFEST_FILE) {
      throw clientError('ERR_CLIENT_STATE', `An asset may not be called ${path}`);
    }
    await files.link(objectPath(hash), `${building}/${path}`);
  }
  await files.write(`${building}/${MANIFEST_FILE}`, payload);
  await files.remove(folder);
  await files.rename(building, folder);
}

interface Progress {
  expect(bytes: number): void;
  /** Exchanges an expected size for another (a patch for a whole file, or back). */
  replace(before: number, after: number): void;
  add(bytes: number): void;
  received(): number;
}

function createProgress({ onProgress }: DownloadOptions): Progress {
  let total = 0;
  let received = 0;
  let shown = 0;
  const report = (): void => {
    // Bytes may have to come twice; what is shown never goes back and never exceeds the whole.
    shown = Math.max(shown, Math.min(received, total));
    onProgress?.({ receivedBytes: shown, totalBytes: Math.max(total, shown) });
  };
  return {
    add: (bytes) => {
      received += bytes;
      report();
    },
    expect: (bytes) => {
      total = bytes;
      report();
    },
    received: () => received,
    replace: (before, after) => {
      total += after - before;
    },
  };
}

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const run = async (): Promise<void> => {
    while (next < items.length && failure === undefined) {
      try {
        await work(items[next++] as T);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  // All are awaited before the first failure is thrown: nothing goes on behind the caller's back. (No allSettled: Hermes 0.12
  // does not have it.)
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, items.length)) }, run));
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
}
