import { isSha256Hex } from '@kivyx-ota/core';

/**
 * `sourcemaps/<sha256 of the launch file>`: private, for whoever reads crash reports. No index names it and the static handlers do not
 * serve it; a bucket that is public as a whole must leave this folder out.
 */
export function sourceMapKey(launchSha256Hex: string): string {
  if (!isSha256Hex(launchSha256Hex))
    throw new RangeError(`sourceMapKey: ${JSON.stringify(launchSha256Hex)} is no SHA-256`);
  return `sourcemaps/${launchSha256Hex}`;
}
