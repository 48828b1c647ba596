package org.kivyx.ota.core;

/** What is launched. */
public final class Launch {
  public static final Launch EMBEDDED = new Launch("", 0, false, 0);

  /** Empty for the embedded bundle. */
  public final String sha256Hex;

  public final long versionCode;
  public final boolean pending;

  /** 0 when nothing could be written: then nothing can be confirmed either. Also 0 for the embedded bundle. */
  public final long launchId;

  private Launch(String sha256Hex, long versionCode, boolean pending, long launchId) {
    this.sha256Hex = sha256Hex;
    this.versionCode = versionCode;
    this.pending = pending;
    this.launchId = launchId;
  }

  static Launch of(BootRecord record, long launchId) {
    if (record.currentSha256Hex.isEmpty()) return EMBEDDED;
    return new Launch(
        record.currentSha256Hex, record.currentVersionCode, record.currentState.equals("P"), launchId);
  }

  public boolean isEmbedded() {
    return sha256Hex.isEmpty();
  }
}
