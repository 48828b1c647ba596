package org.kivyx.ota.core;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** The records in one folder of a real file system. */
public final class DirectoryRecordFiles implements RecordFiles {
  private final File directory;
  private final FolderSync folderSync;

  public DirectoryRecordFiles(File directory, FolderSync folderSync) {
    this.directory = directory;
    this.folderSync = folderSync;
  }

  @Override
  public SlotReading<byte[]> read(String name) {
    File file = new File(directory, name);
    try (FileInputStream in = new FileInputStream(file)) {
      return SlotReading.of(readBounded(in));
    } catch (FileNotFoundException notOpened) {
      // Java says the same of a file that is not there and of one that may not be opened; the folder's list tells.
      return isListed(name) ? SlotReading.<byte[]>locked() : SlotReading.<byte[]>absent();
    } catch (IOException notRead) {
      return SlotReading.locked();
    }
  }

  private static byte[] readBounded(FileInputStream in) throws IOException {
    byte[] buffer = new byte[Limits.RECORD_MAX_BYTES + 1];
    int length = 0;
    while (length < buffer.length) {
      int count = in.read(buffer, length, buffer.length - length);
      if (count < 0) break;
      length += count;
    }
    return Arrays.copyOf(buffer, length);
  }

  private boolean isListed(String name) {
    String[] names = list();
    return names == null || Arrays.asList(names).contains(name);
  }

  @Override
  public void writeDurable(String name, byte[] bytes) throws IOException {
    File temporary = new File(directory, name + ".new");
    try (FileOutputStream out = new FileOutputStream(temporary)) {
      out.write(bytes);
      out.getFD().sync();
    }
    if (!temporary.renameTo(new File(directory, name))) throw new IOException("Could not replace " + name);
    folderSync.sync(directory);
  }

  @Override
  public void remove(String name) throws IOException {
    File file = new File(directory, name);
    if (!file.delete() && file.exists()) throw new IOException("Could not remove " + name);
  }

  /** A folder that does not exist has no names; one that exists and cannot be listed is locked. */
  @Override
  public String[] list() {
    String[] names = directory.list();
    if (names != null) return names;
    return directory.exists() ? null : new String[0];
  }
}
