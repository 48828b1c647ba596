package org.kivyx.ota;

import android.app.Application;
import android.content.Context;
import android.content.pm.ApplicationInfo;
import java.io.File;
import org.kivyx.ota.core.BootHost;

/**
 * What an app asks before it starts React Native.
 *
 * <pre>
 * override val reactHost by lazy {
 *   getDefaultReactHost(applicationContext, packageList, jsBundleFilePath = KivyxOta.bundlePath(applicationContext))
 * }
 * </pre>
 */
public final class KivyxOta {
  private static BootHost host;

  private KivyxOta() {}

  /**
   * Absolute path of the bundle to launch; null for the one in the app. Decided once per process. Debug builds, other processes of
   * the app, and a phone that was not unlocked since it started always get the one in the app. Never throws.
   */
  public static synchronized String bundlePath(Context context) {
    try {
      if (host != null) return host.bundlePath();
      Context app = context.getApplicationContext();
      if ((app.getApplicationInfo().flags & ApplicationInfo.FLAG_DEBUGGABLE) != 0) return null;
      if (!MainProcess.isThisOne(app) || !MainProcess.isStorageUnlocked(app)) return null;
      File directory = new File(app.getNoBackupFilesDir(), "kivyx-ota/v1");
      ExitReasons reasons = new ExitReasons(app);
      BootHost booted =
          new BootHost(
              directory, AppIdentity.binaryId(app), AppIdentity.embeddedVersionCode(app), new OsFolderSync(), reasons);
      String path = booted.bundlePath();
      host = booted;
      if (booted.decision().launch.launchId > 0) watch(app, booted, reasons);
      return path;
    } catch (Throwable anything) {
      // An app that starts with its own bundle is always better than one that does not start.
      return null;
    }
  }

  private static void watch(Context app, BootHost booted, ExitReasons reasons) {
    Thread.setDefaultUncaughtExceptionHandler(
        new CrashHandler(booted, Thread.getDefaultUncaughtExceptionHandler()));
    if (app instanceof Application) {
      ((Application) app).registerActivityLifecycleCallbacks(new ForegroundWatch(booted));
    }
    reasons.nameThisLaunch(booted.decision().launch.launchId);
  }
}
