package org.kivyx.ota;

import android.app.Activity;
import android.app.ActivityManager;
import android.app.Application;
import android.app.ApplicationExitInfo;
import android.content.Context;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import android.os.Build;
import android.os.Bundle;
import android.os.UserManager;
import java.io.File;
import java.nio.charset.StandardCharsets;

/**
 * An app's start over the stubs: {@code <files dir> <what>…}, where what is debug, other-process, locked, android-8, old-android, exit=<reason>:<summary>,
 * and what it does then: background, foreground, crash. Prints the path, the state summary, and the markers' folder is left to look at.
 */
public final class GlueProgram {
  private GlueProgram() {}

  public static void main(String[] args) {
    final FakeApp app = new FakeApp(new File(args[0]));
    Application.processName = "com.example";
    for (String what : args) {
      if (what.equals("debug")) app.info.flags = ApplicationInfo.FLAG_DEBUGGABLE;
      if (what.equals("other-process")) Application.processName = "com.example:restart";
      if (what.equals("locked")) app.users.unlocked = false;
      if (what.equals("android-8")) Build.VERSION.SDK_INT = 27;
      if (what.equals("old-android")) Build.VERSION.SDK_INT = 29;
      if (what.startsWith("exit=")) {
        String[] parts = what.substring(5).split(" ", 2);
        byte[] summary = parts[1].getBytes(StandardCharsets.US_ASCII);
        app.activities.exits.add(new ApplicationExitInfo(Integer.parseInt(parts[0]), summary));
      }
    }
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> System.out.println("before: " + error.getMessage()));
    System.out.println("path: " + KivyxOta.bundlePath(app));
    System.out.println("again: " + KivyxOta.bundlePath(app));
    byte[] summary = app.activities.summary;
    System.out.println("summary: " + (summary == null ? null : new String(summary, StandardCharsets.US_ASCII)));
    Activity activity = new Activity();
    for (String what : args) {
      if (what.equals("background") || what.equals("foreground")) app.callbacks.onActivityStarted(activity);
      if (what.equals("background")) app.callbacks.onActivityStopped(activity);
      if (what.equals("crash")) throw new IllegalStateException("the app crashed");
    }
  }

  private static final class FakeApp extends Application {
    final ApplicationInfo info = new ApplicationInfo();
    final UserManager users = new UserManager();
    final ActivityManager activities = new ActivityManager();
    private final File files;

    FakeApp(File files) {
      this.files = files;
      info.processName = "com.example";
      info.metaData = new Bundle();
      info.metaData.values.put("org.kivyx.ota.EMBEDDED_VERSION_CODE", 1);
    }

    @Override
    public Context getApplicationContext() {
      return this;
    }

    @Override
    public ApplicationInfo getApplicationInfo() {
      return info;
    }

    @Override
    public String getPackageName() {
      return "com.example";
    }

    @Override
    public File getNoBackupFilesDir() {
      return files;
    }

    @Override
    public Object getSystemService(String name) {
      return name.equals(Context.USER_SERVICE) ? users : activities;
    }

    @Override
    public PackageManager getPackageManager() {
      return new PackageManager() {
        @Override
        @SuppressWarnings("deprecation")
        public PackageInfo getPackageInfo(String packageName, int flags) {
          PackageInfo out = new PackageInfo();
          out.versionCode = 301;
          out.lastUpdateTime = 1790000000000L;
          return out;
        }

        @Override
        public ApplicationInfo getApplicationInfo(String packageName, int flags) {
          return info;
        }
      };
    }
  }
}
