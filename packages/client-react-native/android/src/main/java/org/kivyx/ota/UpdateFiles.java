package org.kivyx.ota;

import android.system.ErrnoException;
import android.system.Os;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.security.MessageDigest;
import org.kivyx.ota.core.FolderSync;
import org.kivyx.ota.core.Sha256Hex;

/** Files below the update folder, by relative path: {@code FilesPort} of the client. One call at a time. */
final class UpdateFiles {
  private static final int CHUNK_BYTES = 64 * 1024;

  private final File directory;
  private final FolderSync folderSync;

  UpdateFiles(File directory, FolderSync folderSync) {
    this.directory = directory;
    this.folderSync = folderSync;
  }

  /** The file that a path means; nothing is made. Throws for a path that could leave the folder. */
  File at(String path) throws IOException {
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals(".."))
        throw new IOException("\"" + path + "\" is no relative path");
    }
    return new File(directory, path);
  }

  /** The same, with the folders that it needs. */
  File withFolder(String path) throws IOException {
    File file = at(path);
    File folder = file.getParentFile();
    if (!folder.isDirectory() && !folder.mkdirs() && !folder.isDirectory())
      throw new IOException("Could not make " + folder);
    return file;
  }

  /** -1: there is no such file. */
  long sizeOf(String path) throws IOException {
    File file = at(path);
    return file.isFile() ? file.length() : -1;
  }

  /** Fewer than {@code length} bytes where the file ends; null: there is no such file. */
  byte[] readPart(String path, long offset, int length) throws IOException {
    File found = at(path);
    if (!found.isFile()) return null;
    try (RandomAccessFile file = new RandomAccessFile(found, "r")) {
      byte[] part = new byte[(int) Math.max(0, Math.min(length, file.length() - offset))];
      file.seek(offset);
      file.readFully(part);
      return part;
    }
  }

  void write(String path, byte[] bytes) throws IOException {
    replace(path, new ByteArrayInputStream(bytes));
  }

  /** Makes or replaces a file by what comes out of a stream; the name means the old bytes until all new ones are on the disk. */
  void replace(String path, InputStream in) throws IOException {
    File file = withFolder(path);
    File beside = new File(file.getPath() + ".new");
    try (FileOutputStream out = new FileOutputStream(beside)) {
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) out.write(chunk, 0, count);
      out.getFD().sync();
    } catch (IOException notWritten) {
      beside.delete();
      throw notWritten;
    }
    move(beside, file);
  }

  void append(String path, byte[] bytes) throws IOException {
    try (FileOutputStream out = new FileOutputStream(withFolder(path), true)) {
      out.write(bytes);
    }
  }

  /** Null: there is no such file. */
  String sha256File(String path) throws IOException {
    File file = at(path);
    if (!file.isFile()) return null;
    try (InputStream in = new FileInputStream(file)) {
      MessageDigest digest = Sha256Hex.newDigest();
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) digest.update(chunk, 0, count);
      return Sha256Hex.finish(digest);
    }
  }

  /** Another name for the same bytes, or a copy of them. */
  void link(String from, String to) throws IOException {
    File source = at(from);
    try {
      Os.link(source.getPath(), withFolder(to).getPath());
    } catch (ErrnoException noHardLinks) {
      // Android does not let apps make them on its own file systems since version 6; where it does, they save the space.
      try (InputStream in = new FileInputStream(source)) {
        replace(to, in);
      }
    }
  }

  /** Durable when it returns, with everything that was moved. A file takes the place of a file. */
  void rename(String from, String to) throws IOException {
    File source = at(from);
    if (!source.exists()) throw new FileNotFoundException("There is no " + from);
    syncTree(source);
    File target = withFolder(to);
    move(source, target);
    folderSync.sync(target.getParentFile());
  }

  private static void move(File source, File target) throws IOException {
    if (!source.renameTo(target)) throw new IOException("Could not move " + source + " to " + target);
  }

  private void syncTree(File file) throws IOException {
    File[] entries = file.listFiles();
    if (entries == null) {
      try (FileInputStream in = new FileInputStream(file)) {
        in.getFD().sync();
      }
      return;
    }
    for (File entry : entries) syncTree(entry);
    folderSync.sync(file);
  }

  /** A file, or a folder with all in it; absent is fine. */
  void remove(String path) throws IOException {
    removeTree(at(path));
  }

  private static void removeTree(File file) throws IOException {
    File[] entries = file.listFiles();
    if (entries != null) for (File entry : entries) removeTree(entry);
    if (!file.delete() && file.exists()) throw new IOException("Could not remove " + file);
  }

  /** What can still be written; -1 when the system does not tell. */
  long freeBytes() {
    File existing = directory;
    while (existing != null && !existing.isDirectory()) existing = existing.getParentFile();
    // 0 also stands for "no such volume".
    return existing == null || existing.getTotalSpace() == 0 ? -1 : existing.getUsableSpace();
  }

  /** Names directly in a folder; none when there is no such folder. */
  String[] list(String path) throws IOException {
    String[] names = at(path).list();
    return names == null ? new String[0] : names;
  }
}
