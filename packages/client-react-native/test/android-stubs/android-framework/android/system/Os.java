package android.system;

import java.io.File;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;

public final class Os {
  public static int folderSyncs;
  public static boolean allowsLinks = true;

  private Os() {}

  public static FileDescriptor open(String path, int flags, int mode) throws ErrnoException {
    if (!new File(path).isDirectory()) throw new ErrnoException("open", 2);
    return new FileDescriptor();
  }

  public static void fsync(FileDescriptor descriptor) throws ErrnoException {
    folderSyncs++;
  }

  public static void close(FileDescriptor descriptor) throws ErrnoException {}

  public static void link(String oldPath, String newPath) throws ErrnoException {
    if (!allowsLinks) throw new ErrnoException("link", 13);
    try {
      Files.createLink(new File(newPath).toPath(), new File(oldPath).toPath());
    } catch (IOException failed) {
      throw new ErrnoException("link", 17);
    }
  }
}
