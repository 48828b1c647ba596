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
 * A bucket is one number, when it will be full again (the virtual scheduling of ITU-T I.371, also known as GCRA): there are as many
 * as devices, and objects would be most of what a collector of garbage has to move.
 *
 * Buckets are kept in two halves. Once the younger one is full, or as old as a bucket takes to fill, the older one is dropped: what
 * it holds was not used since, and is full again or one of too many. Moving each used bucket to the end of one map would leave
 * holes that its iterator walks over at every call.
 */
export function createTokenBuckets(options: TokenBucketsOptions): TokenBuckets {
  const { capacity, perSecond, clock, maxBuckets = 50_000 } = options;
  let young = new Map<string, number>();
  let old = new Map<string, number>();
  let youngSinceMs = 0;
  const perTokenMs = 1000 / perSecond;
  const fillsInMs = capacity * perTokenMs;
  // A clock that goes backwards gives nothing and takes nothing.
  let elapsedMs = 0;
  let lastClockMs = clock.nowMs();
  const now = (): number => {
    const clockMs = clock.nowMs();
    elapsedMs += Math.max(0, clockMs - lastClockMs);
    lastClockMs = clockMs;
    return elapsedMs;
  };
  const turnOver = (nowMs: number): void => {
    const isOld = nowMs - youngSinceMs >= fillsInMs;
    if (!isOld && young.size < maxBuckets / 2) return;
    // Nobody came for twice as long: all of them are full.
    old = nowMs - youngSinceMs >= 2 * fillsInMs ? new Map<string, number>() : young;
    young = new Map();
    youngSinceMs = nowMs;
  };
  return {
    size: () => young.size + old.size,
    take: (key, cost = 1) => {
      const nowMs = now();
      turnOver(nowMs);
      let fullAtMs = young.get(key);
      const isYoung = fullAtMs !== undefined;
      if (fullAtMs === undefined) {
        fullAtMs = old.get(key);
        if (fullAtMs === undefined) fullAtMs = nowMs;
        else old.delete(key);
      }
      const fullAfterMs = Math.max(nowMs, fullAtMs) + cost * perTokenMs;
      const waitMs = fullAfterMs - nowMs - fillsInMs;
      const allowed = waitMs <= ROUNDING_MS;
      if (allowed || !isYoung) young.set(key, allowed ? fullAfterMs : fullAtMs);
      return allowed ? undefined : waitMs / 1000;
    },
  };
}

/** Sums of what a token takes are not exact. */
const ROUNDING_MS = 0.001;
