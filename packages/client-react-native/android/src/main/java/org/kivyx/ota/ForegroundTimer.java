package org.kivyx.ota;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Does something once after a time that counts only between {@link #start} and {@link #stop}. Not for several threads at once. */
final class ForegroundTimer {
  private final ScheduledExecutorService clock;
  private final Runnable work;
  private long leftNs;
  private long startedNs;
  private ScheduledFuture<?> pending;

  ForegroundTimer(ScheduledExecutorService clock, long ms, Runnable work) {
    this.clock = clock;
    this.work = work;
    this.leftNs = TimeUnit.MILLISECONDS.toNanos(ms);
  }

  void start() {
    if (pending != null) return;
    // The monotonic clock, which also stands still while the phone sleeps.
    startedNs = System.nanoTime();
    pending = clock.schedule(work, Math.max(leftNs, 0), TimeUnit.NANOSECONDS);
  }

  void stop() {
    if (pending == null || pending.isDone()) return;
    pending.cancel(false);
    pending = null;
    leftNs -= System.nanoTime() - startedNs;
  }
}
