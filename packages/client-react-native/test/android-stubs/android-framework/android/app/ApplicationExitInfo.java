package android.app;

public final class ApplicationExitInfo {
  public static final int REASON_CRASH = 4;
  public static final int REASON_CRASH_NATIVE = 5;
  public static final int REASON_ANR = 6;
  public static final int REASON_INITIALIZATION_FAILURE = 7;
  public static final int REASON_USER_REQUESTED = 10;
  public static final int REASON_USER_STOPPED = 11;

  private final int reason;
  private final byte[] summary;

  public ApplicationExitInfo(int reason, byte[] summary) {
    this.reason = reason;
    this.summary = summary;
  }

  public int getReason() {
    return reason;
  }

  public byte[] getProcessStateSummary() {
    return summary;
  }
}
