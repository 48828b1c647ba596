import type { TargetingRule } from '@kivyx-ota/manifest';
import type { SourceAsset } from './check/asset-rules.ts';
import type { Adoption } from './patches/plan-bases.ts';

/** A file as it comes out of the build. */
export interface InputFile {
  /** Where it goes in the release directory. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Default: by the extension. */
  readonly mediaType?: string;
}

/** What to publish. */
export interface ReleaseInput {
  readonly version: string;
  /** Either this or `binaryVersion`. */
  readonly runtimeVersion?: string;
  /** A semver range. Either this or `runtimeVersion`. */
  readonly binaryVersion?: string;
  readonly launch: InputFile;
  readonly assets?: readonly (InputFile & { readonly scalePercent?: number })[];
  /** Default: made from the version and the content, so that publishing again finds it. */
  readonly releaseId?: string;
  /** Default: one more than the highest in the channel. */
  readonly versionCode?: number;
  /** Default: now. Give the time of the commit for manifests that can be made again bit by bit. */
  readonly createdAtSeconds?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Hundredths of a percent; default 10,000 (everyone). */
  readonly rolloutBasisPoints?: number;
  readonly mandatory?: boolean;
  readonly targeting?: TargetingRule;
  /** Bytecode version of the Hermes inside the target binaries; checked against the launch file. */
  readonly hbcVersion?: number;
  /**
   * React Native of the target binaries, and the bundler's list of assets if there is one: with it, a release whose images would not be
   * found is refused. Absent: assets may lie anywhere.
   */
  readonly reactNative?: { readonly version: string; readonly assets?: readonly SourceAsset[] };
  /** Publish JavaScript source to devices. Hermes would compile it at every start, so it must be asked for. */
  readonly allowPlainJs?: boolean;
  /** Launch files in the wild that are not in this channel: the bundle embedded in the binaries. */
  readonly patchBases?: readonly Uint8Array[];
  /** Kept in the storage beside the release, not among its files: `sourcemaps/<sha256 of the launch file>`, private. */
  readonly sourceMap?: Uint8Array;
  /** How many devices run which release: patches start from what is out there. Default: from the newest. */
  readonly adoption?: readonly Adoption[];
}
