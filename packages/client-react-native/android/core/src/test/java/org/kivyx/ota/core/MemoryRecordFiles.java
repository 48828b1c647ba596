package org.kivyx.ota.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files of one vector. */
final class MemoryRecordFiles implements RecordFiles {
  final Map<String, SlotReading<byte[]>> slots = new HashMap<String, SlotReading<byte[]>>();
  final List<String> removed = new ArrayList<String>();
  String[] names;
  boolean writeFails;
  String writtenSlot = "";
  byte[] written = new byte[0];

  @Override
  public SlotReading<byte[]> read(String name) {
    return slots.get(name);
  }

  @Override
  public void writeDurable(String name, byte[] bytes) throws IOException {
    if (writeFails) throw new IOException("The disk is full");
    if (!writtenSlot.isEmpty()) throw new IllegalStateException("Two writes in one boot");
    writtenSlot = name;
    written = bytes;
  }

  @Override
  public void remove(String name) throws IOException {
    if (writtenSlot.isEmpty()) throw new IllegalStateException("Removed before the write");
    removed.add(name);
  }

  @Override
  public String[] list() {
    return names;
  }
}
