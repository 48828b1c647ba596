/**
 * How many standard errors the first share is above the second: two-proportion z-test with the pooled rate. 0 where nothing
 * can be said, because a side is empty or nobody, or everybody, failed.
 */
export function pooledZScore(
  one: { readonly exposed: number; readonly failed: number },
  other: { readonly exposed: number; readonly failed: number },
): number {
  if (one.exposed === 0 || other.exposed === 0) return 0;
  const pooled = (one.failed + other.failed) / (one.exposed + other.exposed);
  const variance = pooled * (1 - pooled) * (1 / one.exposed + 1 / other.exposed);
  if (!(variance > 0)) return 0;
  return (one.failed / one.exposed - other.failed / other.exposed) / Math.sqrt(variance);
}
