package org.kivyx.ota.core;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** fsync on a folder where java.nio can open one: Linux and macOS. */
final class JvmFolderSync implements FolderSync {
  @Override
  public void sync(File folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder.toPath(), StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
