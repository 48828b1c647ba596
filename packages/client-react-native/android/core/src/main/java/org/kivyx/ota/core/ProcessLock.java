package org.kivyx.ota.core;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;

/** Keeps a second process of the app from booting with the same files. Held until the process ends. */
public final class ProcessLock {
  private final RandomAccessFile file;
  private final FileLock lock;

  private ProcessLock(RandomAccessFile file, FileLock lock) {
    this.file = file;
    this.lock = lock;
  }

  /** Null when somebody else holds it. Throws when the lock file cannot be opened: then nobody knows. */
  public static ProcessLock tryAcquire(File directory) throws IOException {
    RandomAccessFile file = new RandomAccessFile(new File(directory, "lock"), "rw");
    FileLock lock = null;
    try {
      lock = file.getChannel().tryLock();
    } catch (OverlappingFileLockException heldHere) {
      // By this process, from an earlier start in it: a second boot is as wrong as one from outside.
    } finally {
      if (lock == null) file.close();
    }
    return lock == null ? null : new ProcessLock(file, lock);
  }

  /** For tests and for hosts that end before their process does. */
  public void release() throws IOException {
    lock.release();
    file.close();
  }
}
