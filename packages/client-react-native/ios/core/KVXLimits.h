// The numbers of docs/spec/lifecycle.md.

/** Largest integer a record can hold: 2^53 - 1, because JavaScript reads it too. */
#define KVX_MAX_INTEGER 9007199254740991LL

/** Largest slot file. */
#define KVX_RECORD_MAX_BYTES 4096

/** Failed bundles remembered by hash; older ones are covered by rejectUpTo. */
#define KVX_FAILED_MAX_ENTRIES 32

/** Crash or timeout markers of a bundle that was never confirmed. */
#define KVX_PENDING_CRASHES 2

/** Exits without any evidence of a bundle that was never confirmed. */
#define KVX_PENDING_UNKNOWNS 3

/** Exits in the background or by reload of a bundle that was never confirmed. */
#define KVX_PENDING_NEUTRALS 10

/** Crashes in a row of a bundle that was confirmed before. */
#define KVX_HEALTHY_CRASHES 3
