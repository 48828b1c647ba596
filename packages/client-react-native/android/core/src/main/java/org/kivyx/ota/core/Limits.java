package org.kivyx.ota.core;

/** The numbers of docs/spec/lifecycle.md. */
public final class Limits {
  /** Largest integer a record can hold: 2^53 - 1, because JavaScript reads it too. */
  public static final long MAX_INTEGER = 9007199254740991L;

  /** Largest slot file. */
  public static final int RECORD_MAX_BYTES = 4096;

  /** Failed bundles remembered by hash; older ones are covered by {@code rejectUpTo}. */
  public static final int FAILED_MAX_ENTRIES = 32;

  /** Crash or timeout markers of a bundle that was never confirmed. */
  static final long PENDING_CRASHES = 2;

  /** Exits without any evidence of a bundle that was never confirmed. */
  static final long PENDING_UNKNOWNS = 3;

  /** Exits in the background or by reload of a bundle that was never confirmed. */
  static final long PENDING_NEUTRALS = 10;

  /** Crashes in a row of a bundle that was confirmed before. */
  static final long HEALTHY_CRASHES = 3;

  private Limits() {}
}
