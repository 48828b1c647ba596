package org.kivyx.ota;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.kivyx.ota.core.DirectoryRecordFiles;
import org.kivyx.ota.core.FolderSync;
import org.kivyx.ota.core.SlotReading;

/** A random name for this installation: which part of a rollout it is in. Not an identity of a person or a phone. */
final class InstallationId {
  private static final String FILE = "installation";
  private static final int BYTES = 16;

  private InstallationId() {}

  /** {@code directory}: of the records. Another one for each process while nothing can be written. */
  static String of(File directory, FolderSync folderSync) {
    directory.mkdirs();
    DirectoryRecordFiles files = new DirectoryRecordFiles(directory, folderSync);
    SlotReading<byte[]> found = files.read(FILE);
    if (found.kind == SlotReading.Kind.RECORD && found.record.length == 2 * BYTES)
      return new String(found.record, StandardCharsets.US_ASCII);
    String made = random();
    if (found.kind == SlotReading.Kind.LOCKED) return made;
    try {
      files.writeDurable(FILE, made.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException | RuntimeException notKept) {
      // A full disk; the next start tries again.
    }
    return made;
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    StringBuilder out = new StringBuilder(2 * BYTES);
    for (byte one : bytes) out.append(Character.forDigit((one >> 4) & 15, 16)).append(Character.forDigit(one & 15, 16));
    return out.toString();
  }
}
