import { utf8ToBytes } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import type { ChannelScope, Manifest } from '@kivyx-ota/manifest';
import { bundleKind } from '../check/bundle-kind.ts';
import { publishError } from '../error.ts';
import { mediaTypeOf } from '../objects/media-type.ts';
import type { InputFile, ReleaseInput } from '../release-input.ts';
import { addressFile, type AddressedFile } from '../objects/upload-objects.ts';

/** A release that passed the checks, with everything but its version code decided. */
export interface PreparedRelease {
  readonly releaseId: string;
  readonly launch: AddressedFile;
  readonly files: readonly AddressedFile[];
  readonly hbcVersion?: number;
  manifest(versionCode: number): Manifest;
}

/**
 * Checks that the bundle is what it claims to be and names every file by its hash.
 *
 * @throws ERR_PUBLISH_EMPTY, ERR_PUBLISH_BYTECODE, ERR_PUBLISH_PLAIN_JS
 */
export function prepareRelease(
  input: ReleaseInput,
  scope: ChannelScope,
  nowSeconds: number,
): PreparedRelease {
  const { launch: launchInput, assets = [] } = input;
  if (launchInput.bytes.length === 0)
    throw publishError('ERR_PUBLISH_EMPTY', `The launch file ${launchInput.path} is empty`);
  const hbcVersion = checkLaunch(input);
  const address = ({ path, bytes, mediaType }: InputFile): AddressedFile =>
    addressFile(path, bytes, mediaType ?? mediaTypeOf(path));
  const launch = address(launchInput);
  const addressed = assets.map((asset) => ({ file: address(asset), scalePercent: asset.scalePercent }));
  const files = [launch, ...addressed.map(({ file }) => file)];
  const releaseId = input.releaseId ?? contentId(input.version, files);
  const entry = ({ path, bytes, mediaType, sha256Hex: hash }: AddressedFile) => ({
    mediaType,
    path,
    sha256Hex: hash,
    sizeBytes: bytes.length,
  });
  return {
    files,
    launch,
    manifest: (versionCode) => ({
      app: scope.app,
      assets: addressed.map(({ file, scalePercent }) =>
        scalePercent === undefined ? entry(file) : { ...entry(file), scalePercent },
      ),
      createdAtSeconds: input.createdAtSeconds ?? nowSeconds,
      launch: hbcVersion === undefined ? entry(launch) : { ...entry(launch), hbcVersion },
      metadata: input.metadata ?? {},
      platform: scope.platform,
      project: scope.project,
      releaseId,
      version: input.version,
      versionCode,
      ...(input.runtimeVersion === undefined ? {} : { runtimeVersion: input.runtimeVersion }),
      ...(input.binaryVersion === undefined ? {} : { binaryVersion: input.binaryVersion }),
    }),
    releaseId,
    ...(hbcVersion === undefined ? {} : { hbcVersion }),
  };
}

function checkLaunch({ launch, hbcVersion: expected, allowPlainJs }: ReleaseInput): number | undefined {
  const bundle = bundleKind(launch.bytes);
  if (bundle.kind === 'damaged-hermes') {
    throw publishError(
      'ERR_PUBLISH_BYTECODE',
      `${launch.path} begins like Hermes bytecode but is not as long as its header says; build it again`,
    );
  }
  if (bundle.kind === 'javascript') {
    if (allowPlainJs === true) return undefined;
    throw publishError(
      'ERR_PUBLISH_PLAIN_JS',
      `${launch.path} is JavaScript source, not Hermes bytecode: every start would compile it. Compile it with hermesc, or allow it (allowPlainJs).`,
    );
  }
  if (expected !== undefined && expected !== bundle.hbcVersion) {
    throw publishError(
      'ERR_PUBLISH_BYTECODE',
      `${launch.path} is bytecode version ${bundle.hbcVersion}, the target runtime reads ${expected}: it would not start. Use the hermesc of that React Native version.`,
      { details: { expected, got: bundle.hbcVersion } },
    );
  }
  return bundle.hbcVersion;
}

/** Same version and files, same id: publishing again finds what is there. */
function contentId(version: string, files: readonly AddressedFile[]): string {
  const content = files.map(({ path, sha256Hex: hash }) => `${hash} ${path}\n`).join('');
  const name = version
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 48);
  return `${name === '' ? 'r' : name}-${sha256Hex(utf8ToBytes(content)).slice(0, 12)}`;
}
