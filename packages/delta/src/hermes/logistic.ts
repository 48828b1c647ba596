// Tables of the logistic function, from + - * / only: Math.exp and Math.log may differ in the last bit between engines,
// and then encoder and decoder would drift apart.

/** Steps of both tables. */
const STEPS = 4096;
/** Stretched probabilities are cut off here: e^-12 is 6 millionths. */
const RANGE = 12;

/** The logistic function and its inverse. */
export interface Logistic {
  /** ln(p / (1 - p)) for p = (i + 0.5) / 4096. */
  readonly stretch: Float64Array;
  /** 1 / (1 + e^-x), by interpolation. */
  squash(x: number): number;
}

let made: Logistic | undefined;

/** Makes the tables when they are first needed: an app that gets no patch pays nothing. */
export function logistic(): Logistic {
  made ??= makeLogistic();
  return made;
}

function makeLogistic(): Logistic {
  const table = new Float64Array(STEPS + 1);
  for (let i = 0; i <= STEPS; i++) table[i] = 1 / (1 + exponential(RANGE - (2 * RANGE * i) / (STEPS - 1)));
  const stretch = new Float64Array(STEPS);
  let j = 0;
  for (let i = 0; i < STEPS; i++) {
    const p = (i + 0.5) / STEPS;
    while (j < STEPS - 2 && table[j + 1] <= p) j++;
    const share = (p - table[j]) / (table[j + 1] - table[j]);
    stretch[i] = ((j + share) * 2 * RANGE) / (STEPS - 1) - RANGE;
  }
  const scale = (STEPS - 1) / (2 * RANGE);
  return {
    squash: (x) => {
      const place = (x + RANGE) * scale;
      if (place <= 0) return table[0];
      if (place >= STEPS - 1) return table[STEPS - 1];
      const i = place | 0;
      return table[i] + (table[i + 1] - table[i]) * (place - i);
    },
    stretch,
  };
}

/** e^x: Taylor series of x / 1024, squared ten times. */
function exponential(x: number): number {
  const small = x / 1024;
  let term = 1;
  let sum = 1;
  for (let i = 1; i < 9; i++) {
    term *= small / i;
    sum += term;
  }
  for (let i = 0; i < 10; i++) sum *= sum;
  return sum;
}
