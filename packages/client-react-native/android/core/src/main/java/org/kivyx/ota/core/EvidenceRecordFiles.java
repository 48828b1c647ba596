package org.kivyx.ota.core;

import java.io.IOException;
import java.util.Arrays;

/** Record files with one marker more, which nobody has to write: a boot that may not write must not leave any either. */
final class EvidenceRecordFiles implements RecordFiles {
  private final RecordFiles files;
  private final ExitEvidence evidence;

  EvidenceRecordFiles(RecordFiles files, ExitEvidence evidence) {
    this.files = files;
    this.evidence = evidence;
  }

  @Override
  public SlotReading<byte[]> read(String name) {
    return files.read(name);
  }

  @Override
  public void writeDurable(String name, byte[] bytes) throws IOException {
    files.writeDurable(name, bytes);
  }

  @Override
  public void remove(String name) throws IOException {
    files.remove(name);
  }

  @Override
  public String[] list() {
    String[] names = files.list();
    String marker = evidence.markerName();
    if (names == null || marker == null || Arrays.asList(names).contains(marker)) return names;
    String[] out = Arrays.copyOf(names, names.length + 1);
    out[names.length] = marker;
    return out;
  }
}
