import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publishError } from '../error.ts';
import { findPackage } from './find-package.ts';

/** Options of {@link composeSourceMaps}. */
export interface ComposeSourceMapsOptions {
  /** The app's folder: its React Native composes. */
  readonly projectDirectory: string;
  /** Source → JavaScript, by the bundler. */
  readonly bundlerMapPath: string;
  /** JavaScript → bytecode, by hermesc. */
  readonly compilerMapPath: string;
  /** Where the map source → bytecode goes. */
  readonly outPath: string;
}

/**
 * One map from a crash's address in the bytecode to the app's sources, made by React Native's own script, as its native builds do.
 *
 * @throws ERR_PUBLISH_BUNDLER
 */
export async function composeSourceMaps(options: ComposeSourceMapsOptions): Promise<void> {
  const reactNative = findPackage('react-native', options.projectDirectory);
  if (reactNative === undefined)
    throw publishError(
      'ERR_PUBLISH_BUNDLER',
      `react-native is not installed for ${options.projectDirectory}`,
    );
  const script = join(reactNative, 'scripts/compose-source-maps.js');
  const words = [script, options.bundlerMapPath, options.compilerMapPath, '-o', options.outPath];
  await promisify(execFile)(process.execPath, words, { maxBuffer: 1 << 26 }).catch(
    (error: { stderr?: string; message: string }) => {
      throw publishError(
        'ERR_PUBLISH_BUNDLER',
        `The source maps cannot be composed: ${(error.stderr ?? error.message).trim().slice(-800)}`,
      );
    },
  );
}
