package org.kivyx.ota.core;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;

/** Leaves evidence about a launch for the next boot. */
public final class MarkerFiles {
  private MarkerFiles() {}

  /**
   * {@code kind}: one of {@link Marker}. Called by crash handlers: it never throws, and a marker that could not be written only
   * makes the end count as one without evidence.
   */
  public static void leave(File directory, String kind, long launchId) {
    if (launchId <= 0) return;
    try (FileOutputStream out = new FileOutputStream(new File(directory, Marker.name(kind, launchId)))) {
      out.write('1');
      out.getFD().sync();
    } catch (IOException | RuntimeException notLeft) {
      // A handler has nobody to tell.
    }
  }

  /** Never throws; absent is fine. */
  static void takeBack(File directory, String kind, long launchId) {
    // One that stays makes a later end count as neutral: the weakest of all evidence.
    new File(directory, Marker.name(kind, launchId)).delete();
  }
}
