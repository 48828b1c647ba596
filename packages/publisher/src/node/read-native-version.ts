import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishError } from '../error.ts';

/** What the native project of an app says about its version. */
export interface NativeVersion {
  /** As the store shows it. */
  readonly version: string;
  /** `versionCode`, `CURRENT_PROJECT_VERSION`. */
  readonly build: string;
  /** The file it was read from. */
  readonly path: string;
}

/**
 * Version and build number of the native project: literals in `android/app/build.gradle(.kts)`, or in the Xcode project, where every
 * configuration has to say the same. Nothing is run: what a script computes is refused.
 *
 * @throws ERR_PUBLISH_RUNTIME
 */
export async function readNativeVersion(
  projectDirectory: string,
  platform: 'android' | 'ios',
): Promise<NativeVersion> {
  const path = platform === 'android' ? gradlePath(projectDirectory) : await xcodePath(projectDirectory);
  const text = withoutComments(await readFile(path, 'utf8'));
  const [version, build] =
    platform === 'android'
      ? [/\bversionName\s*=?\s*(.+)/g, /\bversionCode\s*=?\s*(.+)/g]
      : [/\bMARKETING_VERSION = (.+);/g, /\bCURRENT_PROJECT_VERSION = (.+);/g];
  return { build: only(text, build, path), path, version: only(text, version, path) };
}

function gradlePath(projectDirectory: string): string {
  const path = ['build.gradle', 'build.gradle.kts']
    .map((name) => join(projectDirectory, 'android/app', name))
    .find((one) => existsSync(one));
  if (path === undefined) throw refused(`${projectDirectory} has no android/app/build.gradle`);
  return path;
}

async function xcodePath(projectDirectory: string): Promise<string> {
  const ios = join(projectDirectory, 'ios');
  const names = existsSync(ios) ? await readdir(ios) : [];
  const projects = names.filter((name) => name.endsWith('.xcodeproj'));
  const [project] = projects;
  if (project === undefined || projects.length > 1)
    throw refused(`${ios} has ${projects.length} Xcode projects, one is expected`);
  return join(ios, project, 'project.pbxproj');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:"'])\/\/[^\n]*/g, '$1');
}

function only(text: string, pattern: RegExp, path: string): string {
  const values = new Set(Array.from(text.matchAll(pattern), ([, value]) => (value as string).trim()));
  const [value] = values;
  const literal = /^(?:"([^"$]+)"|'([^'$]+)'|([0-9][0-9.]*))$/.exec(value ?? '');
  const name = pattern.source.match(/\w{4,}/)?.[0] ?? '';
  if (value === undefined || values.size > 1 || literal === null)
    throw refused(
      `${path} has ${values.size === 0 ? 'no' : Array.from(values).join(' and ')} ${name}; one literal is expected. Name the runtime version yourself`,
    );
  return (literal[1] ?? literal[2] ?? literal[3]) as string;
}

function refused(message: string): Error {
  return publishError('ERR_PUBLISH_RUNTIME', message);
}
