package org.kivyx.ota.core;

import java.io.File;
import java.io.IOException;

/**
 * Makes a rename in {@code folder} survive power loss: fsync on the folder. A port, because java.io cannot open a folder: Android
 * does it with android.system.Os, a Java virtual machine with FileChannel.
 */
public interface FolderSync {
  void sync(File folder) throws IOException;
}
