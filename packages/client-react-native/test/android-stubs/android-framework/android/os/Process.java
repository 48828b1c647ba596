package android.os;

public class Process {
  public static int myPid() {
    return 4711;
  }

  public static void killProcess(int pid) {}
}
