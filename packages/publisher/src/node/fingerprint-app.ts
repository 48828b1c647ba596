import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { publishError } from '../error.ts';
import { findPackage } from './find-package.ts';

/** One thing that the native build depends on, as @expo/fingerprint lists it. */
export interface FingerprintSource {
  readonly type: string;
  readonly filePath?: string;
  readonly id?: string;
  readonly hash: string | null;
  readonly reasons: readonly string[];
}

/** Written beside a binary, it tells later why another one is needed. */
export interface AppFingerprint {
  readonly hash: string;
  readonly sources: readonly FingerprintSource[];
}

interface ExpoFingerprint {
  diffFingerprints(
    before: AppFingerprint,
    after: AppFingerprint,
  ): readonly (
    | { readonly op: 'added'; readonly addedSource: FingerprintSource }
    | { readonly op: 'removed'; readonly removedSource: FingerprintSource }
    | { readonly op: 'changed'; readonly afterSource: FingerprintSource }
  )[];
}

/**
 * A hash over everything that the native build depends on, by the app's own @expo/fingerprint (0.21 is what this was tested with): two
 * binaries with the same one run the same releases. Several seconds.
 *
 * @throws ERR_PUBLISH_RUNTIME where it is not installed, or fails
 */
export async function fingerprintApp(
  projectDirectory: string,
  platform: 'android' | 'ios',
): Promise<AppFingerprint> {
  const root = resolve(projectDirectory);
  const path = resolveFingerprint(root);
  // A process of its own: it asks `npx react-native config`, which would look in the wrong folder under another npx, and which must never
  // install something to ask.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const env = { ...Object.fromEntries(inherited), npm_config_yes: 'false' };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROGRAM, path, root, platform], {
      cwd: root,
      env,
      maxBuffer: 1 << 26,
    });
    return JSON.parse(stdout) as AppFingerprint;
  } catch (error) {
    throw publishError('ERR_PUBLISH_RUNTIME', `@expo/fingerprint failed: ${String(error).slice(0, 800)}`, {
      cause: error,
    });
  }
}

const PROGRAM = `const [path, root, platform] = process.argv.slice(1);
require(path).createFingerprintAsync(root, { platforms: [platform], silent: true }).then(
  (fingerprint) => process.stdout.write(JSON.stringify(fingerprint)),
  (error) => { console.error(error); process.exitCode = 1; },
);`;

/**
 * What is another one than in `before`, one line each, with the reason why it counts; empty when the runtime is the same. Made by the
 * app's own @expo/fingerprint.
 *
 * @throws ERR_PUBLISH_RUNTIME where it is not installed, or `before` is no fingerprint
 */
export function explainFingerprints(
  projectDirectory: string,
  before: AppFingerprint,
  after: AppFingerprint,
): readonly string[] {
  if (typeof before?.hash !== 'string' || !Array.isArray(before.sources))
    throw publishError('ERR_PUBLISH_RUNTIME', 'What it is compared with is no fingerprint');
  const require = createRequire(import.meta.url);
  return (require(resolveFingerprint(projectDirectory)) as ExpoFingerprint)
    .diffFingerprints(before, after)
    .map((item) => {
      const source =
        item.op === 'added'
          ? item.addedSource
          : item.op === 'removed'
            ? item.removedSource
            : item.afterSource;
      return `${item.op} ${source.filePath ?? source.id ?? source.type} (${source.reasons.join(', ')})`;
    });
}

/** The app's own one. */
function resolveFingerprint(projectDirectory: string): string {
  for (const id of ['@expo/fingerprint', 'react-native'])
    if (findPackage(id, projectDirectory) === undefined)
      throw publishError(
        'ERR_PUBLISH_RUNTIME',
        `${id} is not installed for ${projectDirectory}: npm install --save-dev @expo/fingerprint, after the app's dependencies`,
      );
  return createRequire(join(resolve(projectDirectory), 'package.json')).resolve('@expo/fingerprint');
}
