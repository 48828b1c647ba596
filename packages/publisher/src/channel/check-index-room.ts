import { isOtaError } from '@kivyx-ota/core';
import { type ChannelIndex, LIMITS } from '@kivyx-ota/manifest';
import { encodeChannelIndex } from '@kivyx-ota/manifest/sign';
import { publishError } from '../error.ts';
import { retirable } from './retirable.ts';

/**
 * Devices read an index of 256 KiB and 1,000 releases at most (regressions.md 26).
 *
 * @throws ERR_PUBLISH_INDEX_FULL with the remedy
 */
export function checkIndexRoom(index: ChannelIndex): void {
  try {
    if (index.releases.length <= LIMITS.releases) {
      encodeChannelIndex(index);
      return;
    }
  } catch (error) {
    if (!isOtaError(error, 'ERR_DOCUMENT_SIZE')) throw error;
  }
  const keep = Math.min(10, Math.max(1, index.releases.length - 2));
  const count = retirable(index, keep).length;
  const remedy =
    count > 0
      ? `${count} of them are superseded: take them out with retire({ keep: ${keep} }) (kivyx retire --keep ${keep})`
      : 'none of them is superseded for everybody: roll a newer one out to 100 % first, or make patches from fewer bases';
  throw publishError(
    'ERR_PUBLISH_INDEX_FULL',
    `The index would have ${index.releases.length} releases and be larger than devices read (${LIMITS.indexSizeBytes} bytes, ${LIMITS.releases} releases); ${remedy}`,
    { details: { releases: index.releases.length, retirable: count } },
  );
}
