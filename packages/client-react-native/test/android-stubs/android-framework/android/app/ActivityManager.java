package android.app;

import java.util.ArrayList;
import java.util.List;

public class ActivityManager {
  public static int importance = RunningAppProcessInfo.IMPORTANCE_FOREGROUND;
  public byte[] summary;
  public final List<ApplicationExitInfo> exits = new ArrayList<ApplicationExitInfo>();

  public void setProcessStateSummary(byte[] state) {
    summary = state;
  }

  public List<ApplicationExitInfo> getHistoricalProcessExitReasons(String packageName, int pid, int max) {
    return exits;
  }

  public static void getMyMemoryState(RunningAppProcessInfo out) {
    out.importance = importance;
  }

  public static class RunningAppProcessInfo {
    public static final int IMPORTANCE_FOREGROUND = 100;
    public int importance;
  }
}
