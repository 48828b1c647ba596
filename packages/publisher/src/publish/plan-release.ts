import { nextVersionCode } from '../channel/release-in-channel.ts';
import { flagWarnings, type PublishWarning } from '../check/flag-warnings.ts';
import { missingObjects } from '../objects/upload-objects.ts';
import type { PublisherOptions } from '../options.ts';
import type { PlannedBase } from '../patches/plan-bases.ts';
import type { ReleaseInput } from '../release-input.ts';
import { openRelease } from './open-release.ts';

/** What publishing would do. */
export interface PublishPlan {
  readonly releaseId: string;
  readonly versionCode: number;
  readonly alreadyPublished: boolean;
  readonly uploads: readonly { readonly path: string; readonly sizeBytes: number }[];
  readonly uploadBytes: number;
  /** Launch files that patches would be made from. */
  readonly patchBases: readonly PlannedBase[];
  readonly nextSequence: number;
  readonly warnings: readonly PublishWarning[];
}

/** Says what `publishRelease` would do, after the same checks. */
export async function planRelease(options: PublisherOptions, input: ReleaseInput): Promise<PublishPlan> {
  const { bases, before, prepared, present } = await openRelease(options, input);
  const uploads = (await missingObjects(options, prepared.files)).map(({ path, bytes }) => ({
    path,
    sizeBytes: bytes.length,
  }));
  return {
    alreadyPublished: present !== undefined,
    nextSequence: (before?.sequence ?? 0) + (present === undefined ? 1 : 0),
    patchBases: bases.map(({ bytes: _bytes, ...base }) => base),
    releaseId: prepared.releaseId,
    uploadBytes: uploads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    uploads,
    versionCode: present?.versionCode ?? input.versionCode ?? nextVersionCode(before),
    warnings: flagWarnings(input.patchBases ?? [], prepared.launch.bytes, before, undefined, 0),
  };
}
