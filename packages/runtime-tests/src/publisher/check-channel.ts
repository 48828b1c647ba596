import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type ChannelIndex, indexKey, indexLogKey, verifyChannelIndex } from '@kivyx-ota/manifest';
import type { ObjectStorage } from '@kivyx-ota/storage';
import assert from 'node:assert/strict';
import { publisherOn, SCOPE, trustedKeys } from './sample-channel.ts';

/**
 * Holds the whole history to account: the log has every sequence from 1 to the last, each entry is signed and names the hash of the one
 * before, the last one is the index that devices read, and `verify` finds nothing. Gives that index.
 */
export async function checkChannel(storage: ObjectStorage, sequence: number): Promise<ChannelIndex> {
  const live = (await storage.get(indexKey(SCOPE)))?.body;
  assert.ok(live !== undefined, 'there is no index');
  let previousSha256Hex: string | undefined;
  let last: ChannelIndex | undefined;
  for (let at = 1; at <= sequence; at++) {
    const entry = (await storage.get(indexLogKey(SCOPE, { epoch: 0, sequence: at })))?.body;
    assert.ok(entry !== undefined, `the log has no entry ${at} of ${sequence}`);
    const { document, payload } = verifyChannelIndex(entry, { keys: trustedKeys(), scope: SCOPE });
    assert.equal(document.sequence, at, 'the sequence has a gap');
    assert.equal(document.previousSha256Hex, previousSha256Hex, `entry ${at} does not follow the one before`);
    previousSha256Hex = sha256Hex(payload);
    last = document;
    if (at === sequence) assert.deepEqual(entry, live, 'the index is not the last entry of the log');
  }
  assert.equal(
    await storage.head(indexLogKey(SCOPE, { epoch: 0, sequence: sequence + 1 })),
    undefined,
    'the log goes on',
  );
  assert.deepEqual((await publisherOn(storage).verify()).problems, []);
  return last as ChannelIndex;
}
