package org.kivyx.ota;

import android.app.Activity;
import android.app.ActivityManager;
import android.app.Application;
import android.os.Bundle;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.kivyx.ota.core.BootHost;
import org.kivyx.ota.core.Launch;
import org.kivyx.ota.core.Marker;

/**
 * While no activity is started, the end of the process says nothing against its bundle. While one is, an unconfirmed launch uses up
 * its time: at the end of it there is a marker, which is what finds a JavaScript thread that hangs.
 */
final class ForegroundWatch implements Application.ActivityLifecycleCallbacks {
  private final BootHost host;
  private final long timeoutMs;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(OtaThreads.named("kivyx-ota probation"));
  private ForegroundTimer probation;
  private int started;

  ForegroundWatch(BootHost host, long timeoutMs) {
    this.host = host;
    this.timeoutMs = timeoutMs;
  }

  /** A launch begins: its time is its own. */
  synchronized void begin(Launch launch) {
    if (probation != null) probation.stop();
    // A push or a job brought it up, and the system ends it when that is done: nobody saw a screen, and nothing is against its bundle.
    if (started == 0 && isForBackgroundWork()) host.mark(Marker.BACKGROUND);
    probation = launch.pending ? new ForegroundTimer(clock, timeoutMs, this::markOverdue) : null;
    if (started > 0) run();
  }

  @Override
  public synchronized void onActivityStarted(Activity activity) {
    if (started++ > 0) return;
    host.unmark(Marker.BACKGROUND);
    run();
  }

  @Override
  public synchronized void onActivityStopped(Activity activity) {
    // A rotation stops and starts again; that is the background for a moment, and harmless.
    if (--started > 0) return;
    host.mark(Marker.BACKGROUND);
    if (probation != null) probation.stop();
  }

  private static boolean isForBackgroundWork() {
    ActivityManager.RunningAppProcessInfo process = new ActivityManager.RunningAppProcessInfo();
    ActivityManager.getMyMemoryState(process);
    return process.importance > ActivityManager.RunningAppProcessInfo.IMPORTANCE_FOREGROUND;
  }

  private void run() {
    if (probation != null) probation.start();
  }

  @Override
  public void onActivityCreated(Activity activity, Bundle state) {}

  @Override
  public void onActivityResumed(Activity activity) {}

  @Override
  public void onActivityPaused(Activity activity) {}

  @Override
  public void onActivitySaveInstanceState(Activity activity, Bundle state) {}

  @Override
  public void onActivityDestroyed(Activity activity) {}

  private synchronized void markOverdue() {
    // One that was confirmed only now keeps its confirmation: that beats a marker.
    if (!host.isConfirmed()) host.mark(Marker.TIMEOUT);
  }
}
