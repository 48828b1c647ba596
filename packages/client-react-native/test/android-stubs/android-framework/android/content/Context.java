package android.content;

import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import android.content.res.AssetManager;
import java.io.File;

public abstract class Context {
  public static final String USER_SERVICE = "user";
  public static final String ACTIVITY_SERVICE = "activity";

  public abstract Context getApplicationContext();

  public abstract ApplicationInfo getApplicationInfo();

  public abstract AssetManager getAssets();

  public abstract PackageManager getPackageManager();

  public abstract String getPackageName();

  public abstract File getNoBackupFilesDir();

  public abstract Object getSystemService(String name);

  public abstract void startActivity(Intent intent);
}
