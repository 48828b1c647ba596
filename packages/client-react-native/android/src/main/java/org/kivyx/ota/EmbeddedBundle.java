package org.kivyx.ota;

import android.content.Context;
import android.content.res.AssetManager;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The bundle in the app, as the base of patches. */
final class EmbeddedBundle {
  static final String ASSET = "index.android.bundle";
  private static final int CHUNK_BYTES = 64 * 1024;

  private final Context app;

  EmbeddedBundle(Context app) {
    this.app = app;
  }

  /** -1: there is none, as in a debug build. */
  long size() {
    try (InputStream in = open()) {
      // Counted: the build may have compressed it, and then nothing else says the size.
      byte[] chunk = new byte[CHUNK_BYTES];
      long size = 0;
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) size += count;
      return size;
    } catch (IOException none) {
      return -1;
    }
  }

  /** Fewer than {@code length} bytes where it ends. */
  byte[] readPart(long offset, int length) throws IOException {
    try (InputStream in = open()) {
      for (long left = offset; left > 0; ) {
        long skipped = in.skip(left);
        if (skipped <= 0) throw new EOFException("The bundle ends before byte " + offset);
        left -= skipped;
      }
      byte[] part = new byte[length];
      int filled = 0;
      while (filled < length) {
        int count = in.read(part, filled, length - filled);
        if (count < 0) return Arrays.copyOf(part, filled);
        filled += count;
      }
      return part;
    }
  }

  private InputStream open() throws IOException {
    return app.getAssets().open(ASSET, AssetManager.ACCESS_RANDOM);
  }
}
