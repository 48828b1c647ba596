package org.kivyx.ota.core;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.security.MessageDigest;

/** Installed bundles: {@code bundles/<sha256 of the launch file>/launch.bundle}. */
public final class BundleFolders implements IntactCheck {
  private static final String LAUNCH_FILE = "launch.bundle";
  private static final int CHUNK_BYTES = 64 * 1024;

  private final File directory;

  /** {@code directory}: the one that holds the records, too. */
  public BundleFolders(File directory) {
    this.directory = directory;
  }

  public File launchFile(String sha256Hex) {
    return new File(directory, "bundles/" + sha256Hex + "/" + LAUNCH_FILE);
  }

  @Override
  public boolean isIntact(String sha256Hex) {
    if (!Sha256Hex.isValid(sha256Hex)) return false;
    try (FileInputStream in = new FileInputStream(launchFile(sha256Hex))) {
      MessageDigest digest = Sha256Hex.newDigest();
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) digest.update(chunk, 0, count);
      return Sha256Hex.finish(digest).equals(sha256Hex);
    } catch (IOException notReadable) {
      return false;
    }
  }
}
