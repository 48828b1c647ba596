/**
 * One check of one clause. `run` resolves when the adapter keeps the clause and rejects with a sentence when it does not.
 * No test runner is imported: `for (const { title, run } of cases) it(title, run)` works in all of them.
 */
export interface ConformanceCase {
  /** Stable, for skip lists: `storage/6-if-absent`. */
  readonly id: string;
  /** The clause of the contract. */
  readonly clause: number;
  readonly title: string;
  run(): Promise<void>;
}
