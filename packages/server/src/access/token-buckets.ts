import type { Clock } from '@kivyx-ota/core';

/** Options of {@link createTokenBuckets}. */
export interface TokenBucketsOptions {
  /** What a full bucket holds. */
  readonly capacity: number;
  readonly perSecond: number;
  readonly clock: Clock;
  /** Buckets kept at most; of too many, the ones used longest ago go, half of them at once. Default 50,000. */
  readonly maxBuckets?: number;
}

export interface TokenBuckets {
  /** Takes `cost` tokens of `key`: undefined when they were there, else the seconds until they are. */
  take(key: string, cost?: number): number | undefined;
  /** Buckets in memory. */
  size(): number;
}

/**
 * Token buckets in memory: bounded, two map look-ups per call at most. Each instance of a server has its own.
 *
 * Buckets are kept in two halves. Once the younger one is full, or as old as a bucket takes to fill, the older one is dropped: what
 * it holds was not used since, and is full again or one of too many. Moving each used bucket to the end of one map would leave
 * holes that its iterator walks over at every call.
 */
export function createTokenBuckets(options: TokenBucketsOptions): TokenBuckets {
  const { capacity, perSecond, clock, maxBuckets = 50_000 } = options;
  type Bucket = { tokens: number; atMs: number };
  let young = new Map<string, Bucket>();
  let old = new Map<string, Bucket>();
  let youngSinceMs = clock.nowMs();
  const refilledAfterMs = (capacity / perSecond) * 1000;
  const turnOver = (nowMs: number): void => {
    const isOld = nowMs - youngSinceMs >= refilledAfterMs;
    if (!isOld && young.size < maxBuckets / 2) return;
    // Nobody came for twice as long: all of them are full.
    old = nowMs - youngSinceMs >= 2 * refilledAfterMs ? new Map<string, Bucket>() : young;
    young = new Map();
    youngSinceMs = nowMs;
  };
  return {
    size: () => young.size + old.size,
    take: (key, cost = 1) => {
      const nowMs = clock.nowMs();
      turnOver(nowMs);
      let bucket = young.get(key);
      if (bucket === undefined) {
        bucket = old.get(key) ?? { atMs: nowMs, tokens: capacity };
        old.delete(key);
        young.set(key, bucket);
      }
      // A clock that goes backwards gives nothing and takes nothing.
      const gained = (Math.max(0, nowMs - bucket.atMs) / 1000) * perSecond;
      const tokens = Math.min(capacity, bucket.tokens + gained);
      const allowed = tokens >= cost;
      bucket.atMs = nowMs;
      bucket.tokens = allowed ? tokens - cost : tokens;
      return allowed ? undefined : (cost - tokens) / perSecond;
    },
  };
}
