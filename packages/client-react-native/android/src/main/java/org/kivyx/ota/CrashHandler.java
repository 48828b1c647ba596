package org.kivyx.ota;

import org.kivyx.ota.core.BootHost;
import org.kivyx.ota.core.Marker;

/** Leaves the crash marker first, then lets the handler that was there before do what it does. */
final class CrashHandler implements Thread.UncaughtExceptionHandler {
  private final BootHost host;
  private final Thread.UncaughtExceptionHandler before;

  CrashHandler(BootHost host, Thread.UncaughtExceptionHandler before) {
    this.host = host;
    this.before = before;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable error) {
    host.mark(Marker.CRASH);
    if (before != null) before.uncaughtException(thread, error);
  }
}
