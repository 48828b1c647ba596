package org.kivyx.ota.core;

/** A bundle that used up a budget under this binary. */
public final class FailedBundle {
  public final String sha256Hex;

  /** True after a crash or timeout: final. False: only exits without evidence; may be retried once per token. */
  public final boolean byCrash;

  public final long versionCode;

  /** The retry token under which it failed; only a higher one allows another try. */
  public final long retryToken;

  FailedBundle(String sha256Hex, boolean byCrash, long versionCode, long retryToken) {
    this.sha256Hex = sha256Hex;
    this.byCrash = byCrash;
    this.versionCode = versionCode;
    this.retryToken = retryToken;
  }
}
