import { sha256Hex } from '@kivyx-ota/core/sha256';
import type { ChannelIndex, PatchRef } from '@kivyx-ota/manifest';
import { type BuildDifference, compareBuilds } from './compare-builds.ts';

/** Something that works, but costs devices. */
export interface PublishWarning {
  readonly code: 'WARN_BUILD_FLAGS';
  readonly message: string;
  readonly details: {
    readonly baseSha256Hex: string;
    readonly differences: readonly BuildDifference[];
    /** What devices with the embedded bundle download now: the patch, or the whole file. Absent in a plan. */
    readonly downloadBytes?: number;
    /** The newest patch from the same bundle to a release before, to compare with. */
    readonly earlierPatchBytes?: number;
  };
}

/** What became of the patch from a launch file. */
interface PatchFromBase {
  readonly baseSha256Hex: string;
  readonly patch?: Pick<PatchRef, 'sizeBytes'>;
}

/**
 * Compares the release with each embedded bundle (regressions.md 25): where another flag was used, a patch has to carry the
 * difference, and `outcomes` say what that costs.
 */
export function flagWarnings(
  embedded: readonly Uint8Array[],
  launch: Uint8Array,
  index: Pick<ChannelIndex, 'releases'> | undefined,
  outcomes: readonly PatchFromBase[] | undefined,
  fullSizeBytes: number,
): readonly PublishWarning[] {
  return embedded.flatMap((bytes): readonly PublishWarning[] => {
    const differences = compareBuilds(bytes, launch);
    if (differences.length === 0) return [];
    const baseSha256Hex = sha256Hex(bytes);
    const patch = outcomes?.find((outcome) => outcome.baseSha256Hex === baseSha256Hex)?.patch;
    const downloadBytes = outcomes === undefined ? undefined : (patch?.sizeBytes ?? fullSizeBytes);
    const earlier = index?.releases
      .flatMap(({ patches }) => patches.filter((one) => one.baseSha256Hex === baseSha256Hex))
      .at(-1)?.sizeBytes;
    const list = differences
      .map(({ embedded: was, flag, release: is }) => `${flag}: ${String(was)} there, ${String(is)} here`)
      .join('; ');
    const cost =
      downloadBytes === undefined
        ? ''
        : ` Devices with that bundle download ${downloadBytes} bytes (${patch === undefined ? 'the whole file' : 'a patch'}${
            earlier === undefined
              ? ''
              : `, ${(downloadBytes / earlier).toFixed(1)} times the ${earlier} of the last patch from there`
          }).`;
    return [
      {
        code: 'WARN_BUILD_FLAGS',
        details: {
          baseSha256Hex,
          differences,
          ...(downloadBytes === undefined ? {} : { downloadBytes }),
          ...(earlier === undefined ? {} : { earlierPatchBytes: earlier }),
        },
        message: `The release was built otherwise than the embedded bundle (${list}).${cost} Build both with the same flags.`,
      },
    ];
  });
}
