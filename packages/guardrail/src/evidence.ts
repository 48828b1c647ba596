/** Highest rate of the grid. */
const TOP_RATE = 0.95;
const GRID_POINTS = 180;

/** Natural logarithm of the evidence that `failed` of `exposed` devices give against a rate of at most p0. */
export type LogEvidence = (exposed: number, failed: number) => number;

/**
 * A mixture of likelihood ratios over rates p_j in (p0, 0.95]:
 *
 *     E(n, k) = Σ w_j (p_j / p0)^k ((1 − p_j) / (1 − p0))^(n − k),   Σ w_j = 1
 *
 * Under a rate of p0 the expectation of E is 1 after every device, and under a lower rate it falls; by Ville's inequality
 * P(E ≥ 1/α at any time) ≤ α (J. Ville 1939; A. Ramdas, P. Grünwald, V. Vovk, G. Shafer, "Game-theoretic statistics and safe
 * anytime-valid inference", Statistical Science 2023). A device that fails later than it was counted as exposed only makes E
 * smaller than it will be, so the bound holds for devices that ever fail.
 *
 * The weights are Beta(1, 4) restricted to the grid. Points lie closer towards p0 (at the squares of equal steps), so that a
 * rate a little above p0 is noticed too, given enough devices. In log space: no overflow, and an error below 1e-6 at 10^8
 * devices.
 *
 * @param crashRate p0, above 0 and at most 0.5
 */
export function createLogEvidence(crashRate: number): LogEvidence {
  const failures: number[] = [];
  const successes: number[] = [];
  const weights: number[] = [];
  let sum = 0;
  for (let j = 0; j < GRID_POINTS; j++) {
    const u = (j + 0.5) / GRID_POINTS;
    const rate = crashRate + (TOP_RATE - crashRate) * u * u;
    // Density of Beta(1, 4) up to a factor, times the width of the cell.
    const weight = (1 - rate) ** 3 * u;
    sum += weight;
    weights.push(weight);
    failures.push(Math.log(rate / crashRate));
    successes.push(Math.log1p(-rate) - Math.log1p(-crashRate));
  }
  const logWeights = weights.map((weight) => Math.log(weight / sum));
  const terms = new Float64Array(GRID_POINTS);
  return (exposed, failed) => {
    let highest = -Infinity;
    for (let j = 0; j < GRID_POINTS; j++) {
      const term =
        (logWeights[j] as number) +
        failed * (failures[j] as number) +
        (exposed - failed) * (successes[j] as number);
      terms[j] = term;
      if (term > highest) highest = term;
    }
    let total = 0;
    for (let j = 0; j < GRID_POINTS; j++) total += Math.exp((terms[j] as number) - highest);
    return highest + Math.log(total);
  };
}
