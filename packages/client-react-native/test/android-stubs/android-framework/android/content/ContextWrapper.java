package android.content;

import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.content.res.AssetManager;
import java.io.File;

public class ContextWrapper extends Context {
  private final Context base;

  public ContextWrapper(Context base) {
    this.base = base;
  }

  @Override
  public Context getApplicationContext() {
    return base.getApplicationContext();
  }

  @Override
  public ApplicationInfo getApplicationInfo() {
    return base.getApplicationInfo();
  }

  @Override
  public AssetManager getAssets() {
    return base.getAssets();
  }

  @Override
  public PackageManager getPackageManager() {
    return base.getPackageManager();
  }

  @Override
  public String getPackageName() {
    return base.getPackageName();
  }

  @Override
  public File getNoBackupFilesDir() {
    return base.getNoBackupFilesDir();
  }

  @Override
  public Object getSystemService(String name) {
    return base.getSystemService(name);
  }

  @Override
  public void startActivity(Intent intent) {
    base.startActivity(intent);
  }
}
