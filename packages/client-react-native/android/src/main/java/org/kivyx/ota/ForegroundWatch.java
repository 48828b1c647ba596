package org.kivyx.ota;

import android.app.Activity;
import android.app.Application;
import android.os.Bundle;
import org.kivyx.ota.core.BootHost;
import org.kivyx.ota.core.Marker;

/** While no activity is started, the end of the process says nothing against its bundle. */
final class ForegroundWatch implements Application.ActivityLifecycleCallbacks {
  private final BootHost host;
  private int started;

  ForegroundWatch(BootHost host) {
    this.host = host;
  }

  @Override
  public void onActivityStarted(Activity activity) {
    if (started++ == 0) host.unmark(Marker.BACKGROUND);
  }

  @Override
  public void onActivityStopped(Activity activity) {
    // A rotation stops and starts again; that is the background for a moment, and harmless.
    if (--started == 0) host.mark(Marker.BACKGROUND);
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
}
