package org.kivyx.ota;

import android.system.ErrnoException;
import android.system.Os;
import android.system.OsConstants;
import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import org.kivyx.ota.core.FolderSync;

/** fsync on a folder by the system call itself: java.nio.file, which could do it, came with API 26. */
final class OsFolderSync implements FolderSync {
  @Override
  public void sync(File folder) throws IOException {
    try {
      FileDescriptor descriptor = Os.open(folder.getPath(), OsConstants.O_RDONLY, 0);
      try {
        Os.fsync(descriptor);
      } finally {
        Os.close(descriptor);
      }
    } catch (ErrnoException failed) {
      throw new IOException(failed);
    }
  }
}
