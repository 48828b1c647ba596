package org.kivyx.ota;

import android.app.Application;
import android.content.Context;
import android.os.Build;
import android.os.UserManager;
import java.io.FileInputStream;
import java.io.IOException;

/** May this process boot, and can it read its files? */
final class MainProcess {
  private MainProcess() {}

  /** Services, restart helpers and crash reporters run in processes of their own, with the same files. */
  static boolean isThisOne(Context app) throws IOException {
    String name = Build.VERSION.SDK_INT >= 28 ? Application.getProcessName() : nameOfProc();
    return app.getApplicationInfo().processName.equals(name);
  }

  /** Before the first unlock the app's folder looks empty, which is not the same as being empty. */
  static boolean isStorageUnlocked(Context app) {
    UserManager users = (UserManager) app.getSystemService(Context.USER_SERVICE);
    return users == null || users.isUserUnlocked();
  }

  private static String nameOfProc() throws IOException {
    byte[] bytes = new byte[256];
    try (FileInputStream in = new FileInputStream("/proc/self/cmdline")) {
      int length = Math.max(in.read(bytes), 0);
      int end = 0;
      while (end < length && bytes[end] != 0) end++;
      return new String(bytes, 0, end, "UTF-8");
    }
  }
}
