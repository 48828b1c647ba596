import { LIMITS, objectKey } from '@kivyx-ota/manifest';
import { bundleKind, createPublisher, type InputFile, type PublisherOptions } from '@kivyx-ota/publisher';
import { compileHermes } from '@kivyx-ota/publisher/node';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface CompileContext {
  readonly options: PublisherOptions;
  readonly fits: { readonly runtimeVersion?: string; readonly binaryVersion?: string };
  readonly embedded: Uint8Array | undefined;
  readonly flags: { readonly hermesc?: string; readonly appFolder: string };
}

/**
 * The launch file as bytecode, compiled against what devices run: the last release of the channel for the same runtime, else the
 * embedded bundle. `message` says against what, or why not.
 *
 * @throws ERR_PUBLISH_HERMESC, ERR_PUBLISH_BYTECODE
 */
export async function compileLaunch(
  launch: InputFile,
  context: CompileContext,
): Promise<{ readonly file: InputFile; readonly message: string }> {
  if (bundleKind(launch.bytes).kind !== 'javascript')
    return { file: launch, message: `${launch.path} is bytecode already: there is nothing to compile` };
  const base = await findBase(context);
  const work = await mkdtemp(join(tmpdir(), 'kivyx-publish-'));
  try {
    const jsPath = join(work, 'main.js');
    await writeFile(jsPath, launch.bytes);
    const { against, bytes, hbcVersion, message } = await compileHermes({
      jsPath,
      outPath: join(work, 'main.hbc'),
      projectDirectory: context.flags.appFolder,
      ...(context.flags.hermesc === undefined ? {} : { hermescPath: context.flags.hermesc }),
      ...(base === undefined ? {} : { base: base.bytes }),
    });
    const how =
      base === undefined
        ? 'plainly: the channel has no release for this runtime, and no --embedded was given'
        : against === 'base'
          ? `against ${base.name}, and proven to be the same program`
          : `plainly. ${message ?? ''}`.trim();
    return {
      file: { bytes, path: launch.path.replace(/(?:\.js|\.bundle|\.jsbundle)?$/, '.hbc') },
      message: `Compiled to bytecode ${hbcVersion} ${how}`,
    };
  } finally {
    await rm(work, { force: true, recursive: true });
  }
}

async function findBase({
  embedded,
  fits,
  options,
}: CompileContext): Promise<{ readonly name: string; readonly bytes: Uint8Array } | undefined> {
  const last = (await createPublisher(options).read())?.index.releases
    .filter(
      (release) =>
        release.status === 'active' &&
        release.runtimeVersion === fits.runtimeVersion &&
        release.binaryVersion === fits.binaryVersion,
    )
    .at(-1);
  const stored =
    last === undefined
      ? undefined
      : await options.storage.get(objectKey(last.launchSha256Hex), { maxSizeBytes: LIMITS.objectSizeBytes });
  if (last !== undefined && stored !== undefined)
    return { bytes: stored.body, name: `${last.version}, the last release` };
  return embedded === undefined ? undefined : { bytes: embedded, name: 'the embedded bundle' };
}
