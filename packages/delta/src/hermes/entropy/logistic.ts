// Tables of the logistic function, from + * / only: Math.exp and Math.log may differ in the last bit between engines,
// and then encoder and decoder would drift apart.

/** Steps of both tables. */
const STEPS = 4096;

/** The logistic function and its inverse. */
export interface Logistic {
  /** About ln(p / (1 - p)) for p = (i + 0.5) / 4096. */
  readonly stretch: Float64Array;
  /** 1 / (1 + e^-x), in 4096 steps from -12 to 12. */
  squash(x: number): number;
}

/** Makes both tables. */
export function logistic(): Logistic {
  const stretch = new Float64Array(STEPS);
  const table = new Float64Array(STEPS);
  // Sums of the derivative 1 / p (1 - p), from the middle outwards.
  for (let i = STEPS / 2, sum = 2 / STEPS; i < STEPS; i++) {
    stretch[i] = sum;
    stretch[STEPS - 1 - i] = -sum;
    sum += STEPS / ((i + 1) * (STEPS - 1 - i));
  }
  // Odds from e^-12 on, each step e^(24/4096) times the one before.
  for (let i = 0, odds = 0.00000614421235332821; i < STEPS; i++) {
    table[i] = odds / (1 + odds);
    odds *= 1.0058765747144782;
  }
  return {
    squash: (x) => table[Math.max(0, Math.min(STEPS - 1, ((x + 12) * (STEPS / 24)) | 0))],
    stretch,
  };
}
