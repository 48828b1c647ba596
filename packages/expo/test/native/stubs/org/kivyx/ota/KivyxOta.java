package org.kivyx.ota;

import android.content.Context;

/** Stands for that of client-react-native. */
public final class KivyxOta {
  public static String path = "/data/bundles/1/launch.bundle";
  public static int crashes = 0;

  private KivyxOta() {}

  public static String bundlePath(Context context) {
    return path;
  }

  public static void markCrash(Context context) {
    crashes++;
  }
}
