import type { ChannelIndex } from '@kivyx-ota/manifest';
import { changeChannel } from '../channel/channel-document.ts';
import { retirable } from '../channel/retirable.ts';
import { checkSigners } from '../channel/check-signers.ts';
import type { PublisherOptions } from '../options.ts';

/** Takes {@link retirable} releases out of the index; their files stay until they are collected. @throws RangeError */
export async function retireReleases(options: PublisherOptions, keep: number): Promise<ChannelIndex> {
  if (!Number.isSafeInteger(keep) || keep < 1)
    throw new RangeError(`retire: keep must be at least 1, got ${keep}`);
  await checkSigners(options);
  const index = await changeChannel(options, async (current) => {
    const gone = new Set(current === undefined ? [] : retirable(current, keep));
    if (current === undefined || gone.size === 0) return undefined;
    return { releases: current.releases.filter((release) => !gone.has(release)) };
  });
  return index as ChannelIndex;
}
