// Releases as the guardrail meets them: devices come one by one, and it looks after every one of them.
import { createJudge, type DeviceCounts, type GuardrailPolicy } from '@kivyx-ota/guardrail';

/** Uniform in [0, 1). Mulberry32: small, and good enough for 10^8 coin tosses. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** For each number of exposed devices, how many failures make it pause; Infinity where none do. */
export type Boundary = Float64Array;

/** The boundary of a policy, by asking the real judge: it does not fall with n, so that 1 or 2 questions per n are enough. */
export function boundaryOf(policy: GuardrailPolicy, devices: number, control?: DeviceCounts): Boundary {
  const judge = createJudge(policy);
  const boundary = new Float64Array(devices + 1).fill(Infinity);
  let failed = 0;
  for (let exposed = 1; exposed <= devices; exposed++) {
    while (
      failed <= exposed &&
      judge({ exposed, failed, ...(control === undefined ? {} : { control }) }).verdict === 'go-on'
    )
      failed++;
    if (failed <= exposed) boundary[exposed] = failed;
    // More devices could allow the same number again only where the last one was out of reach.
    else failed = exposed;
  }
  return boundary;
}

/** The naive rule: share above 5 %, from so many devices on. */
export function naiveBoundary(devices: number, minExposed: number): Boundary {
  return Float64Array.from({ length: devices + 1 }, (_, exposed) =>
    exposed < minExposed ? Infinity : Math.floor(0.05 * exposed + 1e-9) + 1,
  );
}

/** At which device a release is paused; undefined: never. */
export type Paused = number | undefined;

/** What happens to one release. */
export interface Life {
  readonly rate: number;
  readonly devices: number;
  readonly random: () => number;
  /** Failures are spread over so many groups of networks; the largest is left out. 0: no groups. */
  readonly groups: number;
  /** Devices that report a failure whatever happens, all from one group. */
  readonly attackers?: { readonly share: number; readonly when: 'first' | 'spread' | 'last' };
}

/** One release under several boundaries: only failures can make it pause, so that it looks after each of those. */
export function runLife(
  life: Life,
  boundaries: readonly Boundary[],
  useGroups: readonly boolean[],
): Paused[] {
  const { attackers, devices, groups, random, rate } = life;
  const paused: Paused[] = boundaries.map(() => undefined);
  const counts = new Float64Array(Math.max(1, groups));
  const attackerCount = Math.round(devices * (attackers?.share ?? 0));
  let failed = 0;
  let largest = 0;
  const fail = (exposed: number, group: number): void => {
    failed++;
    counts[group] = (counts[group] as number) + 1;
    if (groups > 0) largest = Math.max(largest, counts[group] as number);
    boundaries.forEach((boundary, i) => {
      if (paused[i] !== undefined) return;
      const left = useGroups[i] === true ? largest : 0;
      if (failed - left >= (boundary[exposed - left] as number)) paused[i] = exposed;
    });
  };
  const isAttacker = (exposed: number): boolean => {
    if (attackers === undefined) return false;
    if (attackers.when === 'first') return exposed <= attackerCount;
    if (attackers.when === 'last') return exposed > devices - attackerCount;
    return exposed % Math.round(1 / attackers.share) === 0;
  };
  for (let exposed = 1; exposed <= devices; exposed++) {
    if (attackers === undefined) {
      // Straight to the next failure: the number of healthy devices before it is geometric.
      exposed += Math.floor(Math.log1p(-random()) / Math.log1p(-rate));
      if (exposed > devices) break;
      fail(exposed, Math.floor(random() * groups));
    } else if (isAttacker(exposed)) fail(exposed, 0);
    else if (random() < rate) fail(exposed, Math.floor(random() * groups));
    if (paused.every((one) => one !== undefined)) break;
  }
  return paused;
}

/** Failures among so many devices (exact up to 10^5 devices: one toss each, skipping). */
export function binomial(devices: number, rate: number, random: () => number): number {
  let count = 0;
  for (
    let i = Math.floor(Math.log1p(-random()) / Math.log1p(-rate));
    i < devices;
    i += 1 + Math.floor(Math.log1p(-random()) / Math.log1p(-rate))
  )
    count++;
  return count;
}

/**
 * The exact probability that a release of this rate is ever paused within so many devices, looked at after each one: the
 * distribution of failures over all histories that were not paused, device by device.
 */
export function exactPauseProbability(boundary: Boundary, rate: number): number {
  const devices = boundary.length - 1;
  let alive = new Float64Array(devices + 2);
  alive[0] = 1;
  let top = 0;
  let paused = 0;
  for (let exposed = 1; exposed <= devices; exposed++) {
    const next = new Float64Array(top + 2);
    for (let failed = 0; failed <= top; failed++) {
      const mass = alive[failed] as number;
      if (mass === 0) continue;
      next[failed] = (next[failed] as number) + mass * (1 - rate);
      next[failed + 1] = mass * rate;
    }
    const limit = boundary[exposed] as number;
    top = Math.min(top + 1, next.length - 1);
    for (let failed = top; failed >= limit; failed--) {
      paused += next[failed] as number;
      next[failed] = 0;
      top = failed - 1;
    }
    // Far above the mean there is nothing left worth carrying.
    while (top > 0 && (next[top] as number) < 1e-300) top--;
    alive = next;
  }
  return paused;
}

/** A share of the paused ones, by rising number of devices. */
export function quantile(paused: readonly Paused[], share: number): number | undefined {
  const sorted = paused.filter((one) => one !== undefined).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
