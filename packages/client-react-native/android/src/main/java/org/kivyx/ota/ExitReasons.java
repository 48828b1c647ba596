package org.kivyx.ota;

import android.app.ActivityManager;
import android.app.ApplicationExitInfo;
import android.content.Context;
import android.os.Build;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.kivyx.ota.core.ExitEvidence;
import org.kivyx.ota.core.Marker;

/**
 * What Android (API 30) remembers of the last process: native crashes and ANRs, which no handler sees. The process names its launch in
 * its state summary, so that a reason is never credited to another launch.
 */
final class ExitReasons implements ExitEvidence {
  private static final String PREFIX = "kivyx-ota:";
  private static final int API_30 = 30;

  /** Other processes of the app leave reasons, too. */
  private static final int MAX_REASONS = 8;

  private final Context app;

  ExitReasons(Context app) {
    this.app = app;
  }

  /** 0, for a launch that needs no evidence, leaves the name as it is. */
  void nameThisLaunch(long launchId) {
    if (launchId == 0 || Build.VERSION.SDK_INT < API_30) return;
    try {
      manager().setProcessStateSummary((PREFIX + launchId).getBytes(StandardCharsets.US_ASCII));
    } catch (RuntimeException notTaken) {
      // Android limits how often it may be called; then this launch ends without that evidence.
    }
  }

  @Override
  public String markerName() {
    if (Build.VERSION.SDK_INT < API_30) return null;
    try {
      List<ApplicationExitInfo> newestFirst =
          manager().getHistoricalProcessExitReasons(app.getPackageName(), 0, MAX_REASONS);
      for (ApplicationExitInfo one : newestFirst) if (isOfALaunch(one)) return markerName(one);
      return null;
    } catch (RuntimeException notTold) {
      return null;
    }
  }

  private static boolean isOfALaunch(ApplicationExitInfo one) {
    return one.getProcessStateSummary() != null && summaryOf(one).startsWith(PREFIX);
  }

  private static String markerName(ApplicationExitInfo last) {
    String kind = kindOf(last.getReason());
    return kind == null ? null : Marker.name(kind, Long.parseLong(summaryOf(last).substring(PREFIX.length())));
  }

  private static String summaryOf(ApplicationExitInfo one) {
    return new String(one.getProcessStateSummary(), StandardCharsets.US_ASCII);
  }

  /** Null where the reason says nothing about the bundle: then no evidence is what it is. */
  private static String kindOf(int reason) {
    switch (reason) {
      case ApplicationExitInfo.REASON_CRASH:
      case ApplicationExitInfo.REASON_CRASH_NATIVE:
      case ApplicationExitInfo.REASON_INITIALIZATION_FAILURE:
        return Marker.CRASH;
      case ApplicationExitInfo.REASON_ANR:
        return Marker.TIMEOUT;
      case ApplicationExitInfo.REASON_USER_REQUESTED:
      case ApplicationExitInfo.REASON_USER_STOPPED:
        return Marker.BACKGROUND;
      default:
        return null;
    }
  }

  private ActivityManager manager() {
    return (ActivityManager) app.getSystemService(Context.ACTIVITY_SERVICE);
  }
}
