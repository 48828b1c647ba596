/** Numbers that only look random: the same seed gives the same run on every machine. */
export interface Random {
  /** 0 to below - 1. */
  below(below: number): number;
  /** True once in `times`. */
  once(times: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/** xorshift32 (Marsaglia 2003). */
export function createRandom(seed: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x6c078965) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (limit: number): number => next() % limit;
  return {
    below,
    once: (times) => below(times) === 0,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
  };
}
