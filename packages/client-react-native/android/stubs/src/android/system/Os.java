package android.system;

import java.io.File;
import java.io.FileDescriptor;

public final class Os {
  public static int folderSyncs;

  private Os() {}

  public static FileDescriptor open(String path, int flags, int mode) throws ErrnoException {
    if (!new File(path).isDirectory()) throw new ErrnoException("open", 2);
    return new FileDescriptor();
  }

  public static void fsync(FileDescriptor descriptor) throws ErrnoException {
    folderSyncs++;
  }

  public static void close(FileDescriptor descriptor) throws ErrnoException {}
}
