package org.kivyx.ota.core;

import java.util.List;

/** What is known about how a launch ended. */
final class ExitClassifier {
  static final String CONFIRMED = "confirmed";
  static final String CRASHED = "crashed";
  static final String TIMED_OUT = "timed-out";
  static final String ENDED_NEUTRAL = "ended-neutral";
  static final String ENDED_UNKNOWN = "ended-unknown";

  private ExitClassifier() {}

  /**
   * A confirmation beats a crash (it worked, then something happened), a crash beats being in the background, and no evidence
   * at all is the trace of a kill, a hang or a power cut.
   */
  static String classify(long launchId, long acknowledgedLaunchId, List<Marker> markers) {
    if (acknowledgedLaunchId == launchId) return CONFIRMED;
    if (has(markers, Marker.CRASH, launchId)) return CRASHED;
    if (has(markers, Marker.TIMEOUT, launchId)) return TIMED_OUT;
    return has(markers, Marker.BACKGROUND, launchId) ? ENDED_NEUTRAL : ENDED_UNKNOWN;
  }

  private static boolean has(List<Marker> markers, String kind, long launchId) {
    for (Marker one : markers) if (one.launchId == launchId && one.kind.equals(kind)) return true;
    return false;
  }
}
