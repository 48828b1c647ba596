import { createTokenBuckets } from '@kivyx-ota/server';
import { expect, it } from 'vitest';

it('forgets whose bucket it was once it is full again, and keeps at most so many', () => {
  let nowMs = 0;
  const buckets = createTokenBuckets({
    capacity: 20,
    clock: { nowMs: () => nowMs },
    maxBuckets: 100,
    perSecond: 20 / 3600,
  });
  for (let i = 0; i < 500; i++) buckets.take(`203.0.${i}.0/24`);
  expect(buckets.size()).toBe(100);
  nowMs += 3_599_000;
  buckets.take('another');
  expect(buckets.size()).toBe(100);
  nowMs += 1000;
  buckets.take('another');
  // Within the hour, of what is promised for a day.
  expect(buckets.size()).toBe(1);
});
