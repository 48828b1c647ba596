import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import platforms from '../../scripts/platforms.json' with { type: 'json' };

const FOLDER = fileURLToPath(new URL('../../.cache/platforms', import.meta.url));
const COMMAND = 'node packages/client-react-native/scripts/fetch-platforms.mjs';

/** A platform by its name in scripts/platforms.json. */
export type PlatformName = keyof typeof platforms.packages;

/** Folder of what scripts/fetch-platforms.mjs took. */
export const platformFolder = (name: PlatformName, folder: string = FOLDER): string =>
  join(folder, platforms.packages[name].package.replace('/', '+'));

/** The classes of the last React Native whose Android archive is on npm. */
export const REACT_CLASSES: string = join(platformFolder('react-native-0.70'), 'classes.jar');

/** True when all of it was fetched, with every file of today's list. Where not the reason is printed; in CI that is a failure. */
export function hasPlatforms(names: readonly PlatformName[]): boolean {
  const what = whatIsMissing(names);
  if (what === undefined) return true;
  if (process.env['CI'] !== undefined) throw new Error(`In CI nothing is skipped: ${what}`);
  console.warn(`skipped: ${what}`);
  return false;
}

/** What has to be fetched, why, and by which command. */
export function whatIsMissing(names: readonly PlatformName[], folder: string = FOLDER): string | undefined {
  const absent = names.filter((name) => !existsSync(platformFolder(name, folder)));
  const old = names.filter((name) => !absent.includes(name) && !isOfToday(name, folder));
  const said = [
    ...(absent.length === 0 ? [] : [`not fetched: ${absent.join(' ')}`]),
    ...(old.length === 0
      ? []
      : [`fetched by an older list of files than scripts/platforms.json: ${old.join(' ')}`]),
  ];
  return said.length === 0 ? undefined : `${said.join('; ')} (${COMMAND} fetches what is needed)`;
}

function isOfToday(name: PlatformName, folder: string): boolean {
  const taken = join(platformFolder(name, folder), 'taken.json');
  const list = JSON.stringify(platforms.files[platforms.packages[name].take as keyof typeof platforms.files]);
  return existsSync(taken) && readFileSync(taken, 'utf8') === list;
}
