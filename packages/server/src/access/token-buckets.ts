import type { Clock } from '@kivyx-ota/core';

/** Options of {@link createTokenBuckets}. */
export interface TokenBucketsOptions {
  /** What a full bucket holds. */
  readonly capacity: number;
  readonly perSecond: number;
  readonly clock: Clock;
  /** Buckets kept at most; the ones used longest ago go first. Default 50,000. */
  readonly maxBuckets?: number;
}

export interface TokenBuckets {
  /** Takes `cost` tokens of `key`: undefined when they were there, else the seconds until they are. */
  take(key: string, cost?: number): number | undefined;
  /** Buckets in memory. */
  size(): number;
}

/**
 * Token buckets in memory: bounded, one map look-up per call. Each instance of a server has its own.
 */
export function createTokenBuckets(options: TokenBucketsOptions): TokenBuckets {
  const { capacity, perSecond, clock, maxBuckets = 50_000 } = options;
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const refilledAfterMs = (capacity / perSecond) * 1000;
  /** A bucket that is full again says nothing: whose it was need not be known any longer. Oldest use first. */
  const forget = (nowMs: number): void => {
    for (const [key, { atMs }] of buckets) {
      if (buckets.size <= maxBuckets && nowMs - atMs < refilledAfterMs) return;
      buckets.delete(key);
    }
  };
  return {
    size: () => buckets.size,
    take: (key, cost = 1) => {
      const nowMs = clock.nowMs();
      const last = buckets.get(key) ?? { atMs: nowMs, tokens: capacity };
      // A clock that goes backwards gives nothing and takes nothing.
      const gained = (Math.max(0, nowMs - last.atMs) / 1000) * perSecond;
      const tokens = Math.min(capacity, last.tokens + gained);
      const allowed = tokens >= cost;
      buckets.delete(key);
      buckets.set(key, { atMs: nowMs, tokens: allowed ? tokens - cost : tokens });
      forget(nowMs);
      return allowed ? undefined : (cost - tokens) / perSecond;
    },
  };
}
