package org.kivyx.ota;

import android.app.ActivityManager;
import android.app.Application;
import android.content.Context;
import android.content.Intent;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import android.content.res.AssetManager;
import android.os.Bundle;
import android.os.UserManager;
import java.io.File;

/** An installed app over a folder: {@code app.apk} and {@code index.android.bundle} are its binary, {@code kivyx-ota} is what it writes. */
final class FakeApp extends Application {
  final ApplicationInfo info = new ApplicationInfo();
  final UserManager users = new UserManager();
  final ActivityManager activities = new ActivityManager();

  /** Null: nothing was started. */
  Intent started;

  private final File files;

  FakeApp(File files) {
    this.files = files;
    Application.processName = "com.example";
    info.processName = "com.example";
    info.sourceDir = new File(files, "app.apk").getPath();
    info.metaData = new Bundle();
    info.metaData.values.put("org.kivyx.ota.EMBEDDED_VERSION_CODE", 1);
    info.metaData.values.put("org.kivyx.ota.RUNTIME_VERSION", "rt 7");
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
  public AssetManager getAssets() {
    return new AssetManager(files);
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
  public void startActivity(Intent intent) {
    started = intent;
  }

  @Override
  public PackageManager getPackageManager() {
    return new PackageManager() {
      @Override
      @SuppressWarnings("deprecation")
      public PackageInfo getPackageInfo(String packageName, int flags) {
        PackageInfo out = new PackageInfo();
        out.versionCode = 301;
        out.versionName = "3.0.1";
        out.lastUpdateTime = 1790000000000L;
        return out;
      }

      @Override
      public ApplicationInfo getApplicationInfo(String packageName, int flags) {
        return info;
      }

      @Override
      public Intent getLaunchIntentForPackage(String packageName) {
        return new Intent();
      }
    };
  }
}
