package org.kivyx.ota.core;

/** What a boot needs to know besides the files. */
public final class BootEnvironment {
  /** The installed binary: store version, install or update time, hash of the embedded bundle. */
  public final String binaryId;

  public final long embeddedVersionCode;

  /** False when another process of the app is booting or running with these files. */
  public final boolean lockAcquired;

  public final IntactCheck intact;

  public BootEnvironment(
      String binaryId, long embeddedVersionCode, boolean lockAcquired, IntactCheck intact) {
    this.binaryId = binaryId;
    this.embeddedVersionCode = embeddedVersionCode;
    this.lockAcquired = lockAcquired;
    this.intact = intact;
  }
}
