import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { publishError } from '../error.ts';
import type { InputFile } from '../release-input.ts';

/** The files of a build, as {@link ReleaseInput} wants them. */
export interface ReleaseFolder {
  readonly launch: InputFile;
  readonly assets: readonly InputFile[];
}

/**
 * Reads a folder that a bundler wrote: `launchFile` is what is executed, every other file is an asset. Source maps and
 * `raw/keep.xml` stay at home. Links are not followed.
 *
 * @throws ERR_PUBLISH_EMPTY when the launch file is not there
 */
export async function readReleaseFolder(directory: string, launchFile: string): Promise<ReleaseFolder> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    // For Gradle's resource shrinker; no device looks for it.
    .filter((path) => path !== 'raw/keep.xml')
    .sort();
  if (!paths.includes(launchFile)) {
    throw publishError(
      'ERR_PUBLISH_EMPTY',
      `${directory} has no ${launchFile}. It has: ${paths.slice(0, 10).join(', ') || 'nothing'}`,
    );
  }
  const read = async (path: string): Promise<InputFile> => ({
    bytes: new Uint8Array(await readFile(join(directory, path))),
    path,
  });
  const assets: InputFile[] = [];
  for (const path of paths) if (path !== launchFile) assets.push(await read(path));
  return { assets, launch: await read(launchFile) };
}
