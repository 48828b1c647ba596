import { createTokenBuckets } from '@kivyx-ota/server';
import { expect, it } from 'vitest';

const create = (maxBuckets: number) => {
  let nowMs = 0;
  const buckets = createTokenBuckets({
    capacity: 20,
    clock: { nowMs: () => nowMs },
    maxBuckets,
    perSecond: 20 / 3600,
  });
  return { ...buckets, advance: (ms: number) => (nowMs += ms) };
};

it('forgets whose bucket it was soon after it is full again, and keeps at most so many', () => {
  const buckets = create(100);
  for (let i = 0; i < 500; i++) {
    buckets.take(`203.0.${i}.0/24`);
    expect(buckets.size()).toBeLessThanOrEqual(100);
  }
  expect(buckets.size()).toBeGreaterThanOrEqual(50);
  buckets.advance(3_600_000);
  buckets.take('another');
  buckets.advance(3_600_000);
  buckets.take('another');
  // Within two hours, of what is promised for a day.
  expect(buckets.size()).toBe(1);
  buckets.take('a third');
  buckets.advance(7_200_000);
  buckets.take('another');
  expect(buckets.size()).toBe(1);
});

it('a bucket that is used is never forgotten before it is full, however many others come', () => {
  const buckets = create(100);
  let taken = 0;
  for (let i = 0; i < 2000; i++) {
    if (buckets.take('one') === undefined) taken++;
    buckets.take(`other-${i}`);
    buckets.advance(1000);
  }
  // Twenty, and what half an hour brings.
  expect(taken).toBe(20 + Math.floor((2000 * 20) / 3600));
});

it('a bucket holds exactly what it may, says how long the next token takes, and a clock set back changes nothing', () => {
  const buckets = create(100);
  const take = () => buckets.take('one');
  buckets.advance(1_790_000_000_123);
  expect(Array.from({ length: 20 }, take)).toEqual(Array.from({ length: 20 }, () => undefined));
  expect(take()).toBeCloseTo(180, 6);
  buckets.advance(-86_400_000);
  expect(take()).toBeCloseTo(180, 6);
  buckets.advance(90_000);
  expect(take()).toBeCloseTo(90, 6);
  buckets.advance(90_000);
  expect(take()).toBeUndefined();
  expect(take()).toBeCloseTo(180, 6);
  expect(buckets.take('another', 21)).toBeCloseTo(180, 6);
});
