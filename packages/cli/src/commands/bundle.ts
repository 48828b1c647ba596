import {
  type AppFingerprint,
  bundleApp,
  type Bundler,
  explainFingerprints,
  readEmbeddedBundle,
  runtimeVersionOf,
  type RuntimeVersionPolicy,
} from '@kivyx-ota/publisher/node';
import { bundleKind } from '@kivyx-ota/publisher';
import { type Command, Option } from 'commander';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { writeBundleNote } from '../bundle-note.ts';
import { bytes, createOutput } from '../output.ts';
import { readBytes } from '../read-file.ts';
import { usageError } from '../usage-error.ts';

interface BundleFlags {
  readonly platform: 'android' | 'ios';
  readonly out: string;
  readonly appFolder: string;
  readonly entryFile?: string;
  readonly bundler?: Bundler;
  readonly bundlerArgument?: readonly string[];
  readonly resetCache: boolean;
  readonly binary?: string;
  readonly base?: string;
  readonly hermesc?: string;
  readonly runtime?: RuntimeVersionPolicy;
  readonly fingerprint?: string;
  readonly json?: boolean;
}

/** `bundle`. */
export function addBundleCommand(program: Command): void {
  program
    .command('bundle')
    .description(
      "Make a release folder as the app's native release build would: its own bundler, its own Hermes compiler, one composed source map.",
    )
    .addOption(
      new Option('--platform <platform>', 'ios or android (KIVYX_PLATFORM)')
        .choices(['android', 'ios'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <folder>', 'where the release goes; must be empty')
    .option('--app-folder <folder>', 'folder of the app', '.')
    .option('--entry-file <file>', 'default: index.<platform>.js, else index.js')
    .addOption(
      new Option('--bundler <name>', 'default: expo where the app has it').choices(['react-native', 'expo']),
    )
    .option('--bundler-argument <words...>', 'more words for the bundler, such as --config metro.release.js')
    .option('--no-reset-cache', 'take what the bundler kept of earlier runs; native builds do not')
    .option(
      '--binary <file>',
      'the .apk, .aab or .ipa in the store: its bundle is the base for patches, and is kept beside the release',
    )
    .option('--base <file>', 'bytecode of the last release, which devices have; default: that of the binary')
    .option('--hermesc <file>', 'the compiler, instead of looking for it')
    .addOption(
      new Option('--runtime <policy>', 'tell the runtime version that the release fits').choices([
        'nativeVersion',
        'appVersion',
        'fingerprint',
      ]),
    )
    .option(
      '--fingerprint <file>',
      'with --runtime fingerprint: where it is kept; when it is there already, what differs is explained',
    )
    .option('--json', 'print the result as JSON')
    .action(async (flags: BundleFlags) => {
      const { appFolder: projectDirectory, out, platform } = flags;
      if (flags.fingerprint !== undefined && flags.runtime !== 'fingerprint')
        throw usageError('--fingerprint goes with --runtime fingerprint');
      const embedded = flags.binary === undefined ? undefined : await embeddedBundle(flags.binary, platform);
      const runtime = flags.runtime === undefined ? undefined : await runtimeOf(flags.runtime, flags);
      const base = flags.base === undefined ? embedded : await readBytes(flags.base);
      const made = await bundleApp({
        outDirectory: out,
        platform,
        projectDirectory,
        resetCache: flags.resetCache,
        ...(base === undefined ? {} : { base }),
        ...(flags.bundler === undefined ? {} : { bundler: flags.bundler }),
        ...(flags.bundlerArgument === undefined ? {} : { bundlerArguments: flags.bundlerArgument }),
        ...(flags.entryFile === undefined ? {} : { entryFile: flags.entryFile }),
        ...(flags.hermesc === undefined ? {} : { hermescPath: flags.hermesc }),
      });
      const expected = embedded === undefined ? undefined : bundleKind(embedded);
      if (expected?.kind === 'hermes' && expected.hbcVersion !== made.hbcVersion)
        throw usageError(
          `The binary runs bytecode version ${expected.hbcVersion}, the app's compiler writes ${made.hbcVersion}: the release would not start. Bundle from the sources that the binary was built from`,
        );
      const embeddedPath = `${made.directory}.embedded`;
      if (embedded !== undefined) await writeFile(embeddedPath, embedded);
      await writeBundleNote(made.directory, {
        assets: made.assets,
        launchFile: made.launchFile,
        platform,
        sourceMap: made.sourceMapPath,
        ...(embedded === undefined ? {} : { embedded: embeddedPath }),
        ...(runtime === undefined ? {} : { runtimeVersion: runtime.runtimeVersion }),
      });
      const here = (path: string): string => relative(process.cwd(), path) || '.';
      // What else it needs is in the note.
      const next = [
        `kivyx publish --${platform} ${here(made.directory)} --keep-source-map`,
        ...(runtime === undefined ? ['--runtime-version <version>'] : []),
      ].join(' ');
      createOutput(flags.json === true).result(
        {
          against: made.against,
          bundler: made.bundler,
          directory: made.directory,
          hbcVersion: made.hbcVersion,
          launchFile: made.launchFile,
          message: made.message,
          sizeBytes: made.bytes.length,
          sourceMap: made.sourceMapPath,
          ...(embedded === undefined ? {} : { embedded: embeddedPath }),
          ...runtime,
        },
        [
          `${here(join(made.directory, made.launchFile))}: HBC ${made.hbcVersion}, ${bytes(made.bytes.length)}${made.against === 'base' ? ', against the base' : ''}`,
          ...(made.message === undefined ? [] : [made.message]),
          ...(runtime?.differs ?? []).map((line) => `Another runtime than before: ${line}`),
          `Next: ${next} --release <version>`,
        ],
      );
    });
}

/** @throws ERR_PUBLISH_ARCHIVE, ERR_CLI_USAGE when it is of the other platform */
async function embeddedBundle(path: string, platform: 'android' | 'ios'): Promise<Uint8Array> {
  const embedded = await readEmbeddedBundle(path);
  if (embedded.platform !== platform)
    throw usageError(`${path} is for ${embedded.platform}, not ${platform}`);
  return embedded.bytes;
}

async function runtimeOf(
  policy: RuntimeVersionPolicy,
  { appFolder, fingerprint: path, platform }: BundleFlags,
): Promise<{ readonly runtimeVersion: string; readonly differs?: readonly string[] }> {
  const { fingerprint, runtimeVersion } = await runtimeVersionOf({
    platform,
    policy,
    projectDirectory: appFolder,
  });
  if (fingerprint === undefined || path === undefined) return { runtimeVersion };
  if (existsSync(path)) {
    let before: AppFingerprint;
    try {
      before = JSON.parse(await readFile(path, 'utf8')) as AppFingerprint;
    } catch {
      throw usageError(`${path} is no fingerprint`);
    }
    return { differs: explainFingerprints(appFolder, before, fingerprint), runtimeVersion };
  }
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, JSON.stringify(fingerprint));
  return { runtimeVersion };
}
