import type { ChannelScope } from '@kivyx-ota/manifest';
import type { PublisherOptions } from '../options.ts';
import type { ReleaseInput } from '../release-input.ts';
import { type OpenedRelease, openRelease } from './open-release.ts';
import { nameRelease, type PublishResult, uploadRelease, type UploadedRelease } from './publish-release.ts';

/** One release of several that belong together: the same version for Android and for iOS. */
export interface TogetherPart {
  readonly options: PublisherOptions;
  readonly input: ReleaseInput;
}

/** What became of one part, in the order of the parts. */
export type TogetherOutcome =
  | { readonly scope: ChannelScope; readonly result: PublishResult }
  /** Not named, though another part is; running it again finds what is there and does the rest. */
  | { readonly scope: ChannelScope; readonly error: unknown };

/**
 * Publishes releases to several channels, as nearly at once as two documents can be: all of them are checked, then all are uploaded
 * and patched, and only then do the indexes name them, one right after the other. So whatever is wrong with one of them is found
 * while every channel is as it was, and is thrown. Only who is killed, or loses the storage, between the swaps leaves some channels
 * with their release and some without; running it again does the rest.
 *
 * @throws what publishing one of them throws, as long as no channel was changed
 */
export async function publishTogether(parts: readonly TogetherPart[]): Promise<readonly TogetherOutcome[]> {
  const opened: OpenedRelease[] = [];
  for (const { input, options } of parts) opened.push(await openRelease(options, input));
  const uploaded: UploadedRelease[] = [];
  for (const one of opened) uploaded.push(await uploadRelease(one));
  const outcomes: TogetherOutcome[] = [];
  for (const one of uploaded) {
    const { scope } = one.options;
    try {
      outcomes.push({ result: await nameRelease(one), scope });
    } catch (error) {
      if (!outcomes.some((outcome) => 'result' in outcome && outcome.result.changed)) throw error;
      outcomes.push({ error, scope });
    }
  }
  return outcomes;
}
