package org.kivyx.ota.core;

import java.io.IOException;

/**
 * The few files that the boot code works on.
 *
 * <ol>
 *   <li>{@code read} gives the bytes (never more than the first 4,097), ABSENT, or LOCKED for anything that is there and cannot be
 *       read now.
 *   <li>{@code writeDurable} replaces {@code name} whole. When it returns, the new content survives power loss; when it throws,
 *       either the old or the new content is there, or the file is torn. It touches no other record.
 *   <li>{@code remove} removes a file; absent is fine.
 *   <li>{@code list} gives the names in the records' folder, or null when it cannot be listed now.
 * </ol>
 */
public interface RecordFiles {
  SlotReading<byte[]> read(String name);

  void writeDurable(String name, byte[] bytes) throws IOException;

  void remove(String name) throws IOException;

  String[] list();
}
