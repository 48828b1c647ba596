package org.kivyx.ota.core;

/** What JavaScript asks the next boot for ({@code intent.0}, {@code intent.1}). Written by JavaScript only. */
public final class IntentRecord {
  public long sequence;

  /** Identifies the request below; the boot code consumes each id once. */
  public long requestId;

  /** The bundle to run next, {@code embedded} (directive only), or empty: no request, or a withdrawn one. */
  public String stage = "";

  public long versionCode;

  /** The binary the request was made under. */
  public String binaryId = "";

  /** True when a signed rollback directive demands it: the version may go down. */
  public boolean directive;

  /** The release's retry token in the signed index; 0 when it has none. */
  public long retryToken;

  /** Highest launch id that JavaScript confirmed. */
  public long acknowledgedLaunchId;
}
