// Something damaged, for every codec of untrusted bytes.
import { isOtaError } from '@kivyx-ota/core';
import { expect, it } from 'vitest';

// A step of CI runs 10^6 over all of them (MUTATIONS); 10^7 on demand.
const MUTATIONS = Number(process.env['MUTATIONS'] ?? 10_000);
/** More than the slowest input may take of one processor, by far; a quadratic one would pass it. */
const MAX_MS = 2000;
const MAX_HEAP_BYTES = 256 * 1024 * 1024;

/** Damages bytes: flips, cuts, repeats. The same `seed`, the same damage. */
function createMutator(seed: number): (bytes: Uint8Array) => Uint8Array {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
  const INTERESTING = [
    0x00, 0x17, 0x18, 0x1b, 0x20, 0x40, 0x5f, 0x60, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xd2, 0xf4, 0xf9,
    0xfb, 0xff,
  ];
  return (bytes) => {
    let out: Uint8Array = bytes.slice();
    for (let n = random(3); n >= 0; n--) {
      const at = random(out.length);
      const kind = random(6);
      if (kind === 0) out[at] = (out[at] as number) ^ (1 << random(8));
      else if (kind === 1) out[at] = INTERESTING[random(INTERESTING.length)] as number;
      else if (kind === 2) out = out.slice(0, Math.max(1, at));
      else if (kind === 3) out = concat(out.subarray(0, at), Uint8Array.of(random(256)), out.subarray(at));
      else if (kind === 4)
        out = concat(out.subarray(0, at), out.subarray(Math.min(out.length, at + 1 + random(8))));
      else out = concat(out.subarray(0, at), out.subarray(at, at + random(20)), out.subarray(at));
      if (out.length === 0) out = Uint8Array.of(random(256));
    }
    return out;
  };
}

/** One after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** What the work came to; anything but a typed error fails the test. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isOtaError(error)) throw error;
    return undefined;
  }
}

/** Byte for byte. */
export const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** One kind of input. */
export interface Target {
  readonly name: string;
  /** How much of all mutations it gets. */
  readonly weight: number;
  readonly good: () => Promise<Uint8Array> | Uint8Array;
  /** Makes the damaged input from the good one; by default anywhere in its bytes. */
  readonly damage?: (good: Uint8Array, mutate: (bytes: Uint8Array) => Uint8Array) => Uint8Array;
  /** Reads an input (throws a typed error where it refuses it) and gives all inputs that may be read like that. */
  readonly spellings: (input: Uint8Array, good: Uint8Array) => readonly Uint8Array[];
  /** For envelopes and keys no other input may be read; of payloads some changes make another valid document. */
  readonly mayRead?: boolean;
}

/** Every damaged input is refused by a typed error, or read and written again to the same bytes; none takes long or leaves memory behind. */
export function itIsReadOneWay(targets: readonly Target[]): void {
  const weights = targets.reduce((sum, { weight }) => sum + weight, 0);
  it.each(targets)(
    '$name: refused with a typed error, or read and written to the same bytes',
    async ({ damage, good: makeGood, mayRead, name, spellings, weight }) => {
      const good = await makeGood();
      const mutate = createMutator(good.length);
      const runs = Math.ceil((MUTATIONS * weight) / weights);
      expect(spellings(good, good).some((one) => same(one, good))).toBe(true);
      const heapBefore = process.memoryUsage().heapUsed;
      let [read, slowestMs] = [0, 0];
      for (let run = 0; run < runs; run++) {
        const input = damage === undefined ? mutate(good) : damage(good, mutate);
        const before = process.cpuUsage();
        const allowed = attempt(() => spellings(input, good));
        slowestMs = Math.max(slowestMs, process.cpuUsage(before).user / 1000);
        if (allowed === undefined) continue;
        if (!same(input, good)) read++;
        if (!allowed.some((one) => same(one, input)))
          throw new Error(
            `run ${run}: ${name} is read but spelled otherwise: ${Buffer.from(input).toString('hex')}`,
          );
      }
      console.log(
        `${name}: ${runs} inputs, ${read} of them another valid one; the slowest ${slowestMs.toFixed(1)} ms`,
      );
      expect(slowestMs).toBeLessThan(MAX_MS);
      expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(MAX_HEAP_BYTES);
      // Some changes of a payload only make another valid document; if there were none, nothing would have been tested.
      if (mayRead === true && name.startsWith('payload')) expect(read).toBeGreaterThan(0);
    },
    7_200_000,
  );
}
