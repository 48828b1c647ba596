package android.app;

import java.util.ArrayList;
import java.util.List;

public class ActivityManager {
  public byte[] summary;
  public final List<ApplicationExitInfo> exits = new ArrayList<ApplicationExitInfo>();

  public void setProcessStateSummary(byte[] state) {
    summary = state;
  }

  public List<ApplicationExitInfo> getHistoricalProcessExitReasons(String packageName, int pid, int max) {
    return exits;
  }
}
