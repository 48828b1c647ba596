import { isOtaError } from '@kivyx-ota/core';
import { type Manifest, parseManifest } from '@kivyx-ota/manifest';
import type { FilesPort } from './ports.ts';

/** Folder of an installed release, named by its launch file. */
export function bundleFolder(launchSha256Hex: string): string {
  return `bundles/${launchSha256Hex}`;
}

/** What is executed has one name on every device, whatever the manifest calls it: boot code must find it without a parser. */
export const LAUNCH_FILE = 'launch.bundle';

/** The manifest's payload inside the release folder, so that the folder explains itself. */
export const MANIFEST_FILE = 'manifest.cbor';

/** The manifest of an installed release; `undefined` when the folder is not there or no release. */
export async function readInstalled(
  files: FilesPort,
  launchSha256Hex: string,
): Promise<Manifest | undefined> {
  const payload = await files.read(`${bundleFolder(launchSha256Hex)}/${MANIFEST_FILE}`);
  if (payload === undefined) return undefined;
  try {
    return parseManifest(payload);
  } catch (error) {
    if (isOtaError(error)) return undefined;
    throw error;
  }
}
