import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import platforms from '../../scripts/platforms.json' with { type: 'json' };

const FOLDER = fileURLToPath(new URL('../../.cache/platforms', import.meta.url));

/** A platform by its name in scripts/platforms.json. */
export type PlatformName = keyof typeof platforms;

/** Folder of what scripts/fetch-platforms.mjs took. */
export const platformFolder = (name: PlatformName): string =>
  join(FOLDER, platforms[name].package.replace('/', '+'));

/** The classes of the last React Native whose Android archive is on npm. */
export const REACT_CLASSES: string = join(platformFolder('react-native-0.70'), 'classes.jar');

/** True when all of it was fetched. Where not the reason is printed; in CI that is a failure. */
export function hasPlatforms(names: readonly PlatformName[]): boolean {
  const missing = names.filter((name) => !existsSync(platformFolder(name)));
  if (missing.length === 0) return true;
  const what = `not fetched: ${missing.join(' ')} (node packages/client-react-native/scripts/fetch-platforms.mjs)`;
  if (process.env['CI'] !== undefined) throw new Error(`In CI nothing is skipped: ${what}`);
  console.warn(`skipped: ${what}`);
  return false;
}
