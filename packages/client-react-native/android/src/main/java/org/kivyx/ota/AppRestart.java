package org.kivyx.ota;

import android.app.Activity;
import android.content.Context;
import android.content.Intent;
import android.os.Handler;
import android.os.Looper;
import android.os.Process;
import com.facebook.react.ReactHost;
import com.facebook.react.common.LifecycleState;

/** The two ways to begin again with what is staged. */
final class AppRestart {
  private AppRestart() {}

  /**
   * Starts the process anew: nothing of the old JavaScript, or of a native module that holds on to it, is left. Throws when the app
   * has no activity that can be launched.
   */
  static void restartProcess(Context app, OtaProcess process) {
    Intent launch = app.getPackageManager().getLaunchIntentForPackage(app.getPackageName());
    if (launch == null) throw new IllegalStateException("The app has no activity to launch");
    Intent restart = new Intent(app, RestartActivity.class);
    restart.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK);
    restart.putExtra(RestartActivity.PROCESS, Process.myPid());
    restart.putExtra(RestartActivity.LAUNCH, launch);
    process.markWanted();
    app.startActivity(restart);
  }

  /** Makes React Native load again, in this process; {@code activity} is the one on the screen, or null. */
  static void reloadInProcess(ReactHost host, Activity activity, OtaProcess process) {
    // Reads and hashes bundles: not on the main thread.
    process.prepareReload();
    new Handler(Looper.getMainLooper())
        .post(
            () -> {
              // A host that was not resumed would load and show nothing.
              if (host.getLifecycleState() != LifecycleState.RESUMED && activity != null)
                host.onHostResume(activity);
              host.reload("Kivyx OTA");
            });
  }
}
