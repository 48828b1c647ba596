package org.kivyx.ota;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.os.Handler;
import android.os.Looper;
import android.os.Process;

/** Ends the app's process and launches the app, from a process of its own. See AndroidManifest.xml. */
public final class RestartActivity extends Activity {
  static final String PROCESS = "org.kivyx.ota.PROCESS";
  static final String LAUNCH = "org.kivyx.ota.LAUNCH";
  private static final long END_AFTER_MS = 100;

  @Override
  @SuppressWarnings("deprecation") // The typed getParcelableExtra came with API 33. The intent is the app's own: nobody else can start this.
  protected void onCreate(Bundle state) {
    super.onCreate(state);
    Process.killProcess(getIntent().getIntExtra(PROCESS, 0));
    Intent launch = getIntent().getParcelableExtra(LAUNCH);
    startActivity(Intent.makeRestartActivityTask(launch.getComponent()));
    finish();
    new Handler(Looper.getMainLooper())
        .postDelayed(() -> Process.killProcess(Process.myPid()), END_AFTER_MS);
  }
}
