import type { SourceAsset } from '@kivyx-ota/publisher';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { usageError } from './usage-error.ts';

/** What `kivyx bundle` knows of a release folder, for `kivyx publish`. Paths are absolute here, and relative in the file. */
export interface BundleNote {
  readonly platform: 'android' | 'ios';
  readonly launchFile: string;
  readonly sourceMap: string;
  readonly embedded?: string;
  readonly runtimeVersion?: string;
  /** What the bundle asks for at run time. */
  readonly assets: readonly SourceAsset[];
}

/** Beside the folder, never in it: `build/android.json`. */
export function bundleNotePath(folder: string): string {
  return `${resolve(folder)}.json`;
}

export async function writeBundleNote(folder: string, note: BundleNote): Promise<string> {
  const path = bundleNotePath(folder);
  const here = (file: string): string => relative(dirname(path), file);
  const { embedded, sourceMap } = note;
  await writeFile(
    path,
    `${JSON.stringify(
      {
        kivyx: 'bundle',
        ...note,
        sourceMap: here(sourceMap),
        ...(embedded === undefined ? {} : { embedded: here(embedded) }),
      },
      undefined,
      2,
    )}\n`,
  );
  return path;
}

/** The note of a folder; `undefined` when another program made it. @throws ERR_CLI_USAGE */
export async function readBundleNote(folder: string): Promise<BundleNote | undefined> {
  const path = bundleNotePath(folder);
  if (!existsSync(path)) return undefined;
  let note: Partial<BundleNote> & { readonly kivyx?: string };
  try {
    note = JSON.parse(await readFile(path, 'utf8')) as typeof note;
  } catch {
    return undefined;
  }
  // Any program may leave a file of that name there.
  if (note === null || note.kivyx !== 'bundle') return undefined;
  const { assets, embedded, launchFile, platform, sourceMap } = note;
  if (
    !Array.isArray(assets) ||
    typeof launchFile !== 'string' ||
    typeof sourceMap !== 'string' ||
    (platform !== 'android' && platform !== 'ios')
  )
    throw usageError(`${path} is damaged: run kivyx bundle again`);
  const there = (file: string): string => resolve(dirname(path), file);
  return {
    assets,
    launchFile,
    platform,
    sourceMap: there(sourceMap),
    ...(embedded === undefined ? {} : { embedded: there(embedded) }),
    ...(note.runtimeVersion === undefined ? {} : { runtimeVersion: note.runtimeVersion }),
  };
}
