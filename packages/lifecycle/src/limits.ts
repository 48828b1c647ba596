/** How often a launch may end badly before its bundle is given up. See docs/spec/lifecycle.md. */
export const BUDGETS: {
  /** Crash or timeout markers of a bundle that was never confirmed. */
  readonly pendingCrashes: 2;
  /** Exits without any evidence (SIGKILL, hang, power loss) of a bundle that was never confirmed. */
  readonly pendingUnknowns: 3;
  /** Exits in the background or by reload: the system's or the user's doing, rarely the bundle's. */
  readonly pendingNeutrals: 10;
  /** Crashes in a row, none of them confirmed in between, of a bundle that was confirmed before. */
  readonly healthyCrashes: 3;
} = { pendingCrashes: 2, pendingUnknowns: 3, pendingNeutrals: 10, healthyCrashes: 3 };

/** Largest `boot.*` or `intent.*` file. A full record with 32 failed bundles needs 4,062 bytes. */
export const RECORD_MAX_BYTES = 4096;

/** Failed bundles remembered by hash; older ones are covered by `rejectUpTo`. */
export const FAILED_MAX_ENTRIES = 32;
