package org.kivyx.ota;

import java.util.concurrent.ThreadFactory;

/** Threads that keep no process alive. */
final class OtaThreads {
  private OtaThreads() {}

  static ThreadFactory named(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
