package org.kivyx.ota;

/** Leaves the crash marker first, then lets the handler that was there before do what it does. */
final class CrashHandler implements Thread.UncaughtExceptionHandler {
  private final OtaProcess process;
  private final Thread.UncaughtExceptionHandler before;

  CrashHandler(OtaProcess process, Thread.UncaughtExceptionHandler before) {
    this.process = process;
    this.before = before;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable error) {
    process.markCrash();
    if (before != null) before.uncaughtException(thread, error);
  }
}
