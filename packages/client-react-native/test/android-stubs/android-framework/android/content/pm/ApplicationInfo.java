package android.content.pm;

import android.os.Bundle;

public class ApplicationInfo {
  public static final int FLAG_DEBUGGABLE = 2;
  public int flags;
  public String processName;
  public String sourceDir;
  public String[] splitSourceDirs;
  public Bundle metaData;
}
