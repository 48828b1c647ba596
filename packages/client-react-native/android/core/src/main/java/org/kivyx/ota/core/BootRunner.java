package org.kivyx.ota.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One boot: reads, decides, writes the record, removes consumed markers, in the only safe order. */
public final class BootRunner {
  private BootRunner() {}

  /**
   * Never throws: whatever goes wrong, the embedded bundle is launched. Call it once per process, before any JavaScript of a bundle
   * runs, and launch what {@code launch} says.
   */
  public static BootDecision run(RecordFiles files, BootEnvironment environment) {
    try {
      BootInput input = readInput(files, environment);
      BootDecision decision = BootDecider.decide(input);
      if (decision.record == null) return decision;
      try {
        files.writeDurable(decision.slot, BootRecordCodec.write(decision.record));
      } catch (IOException | RuntimeException notWritten) {
        return BootDecider.decideWithoutWrite(input, decision);
      }
      removeAll(files, decision.deletes);
      return decision;
    } catch (Throwable hostIsBroken) {
      return BootDecision.embedded("host-error");
    }
  }

  private static BootInput readInput(RecordFiles files, BootEnvironment environment) {
    return new BootInput(
        readBoot(files, Slots.BOOT[0]),
        readBoot(files, Slots.BOOT[1]),
        readIntent(files, Slots.INTENT[0]),
        readIntent(files, Slots.INTENT[1]),
        readMarkers(files),
        environment);
  }

  static SlotReading<BootRecord> readBoot(RecordFiles files, String name) {
    SlotReading<byte[]> found = files.read(name);
    if (found.kind == SlotReading.Kind.RECORD) return BootRecordCodec.read(found.record);
    return found.kind == SlotReading.Kind.ABSENT
        ? SlotReading.<BootRecord>absent()
        : SlotReading.<BootRecord>locked();
  }

  static SlotReading<IntentRecord> readIntent(RecordFiles files, String name) {
    SlotReading<byte[]> found = files.read(name);
    if (found.kind == SlotReading.Kind.RECORD) return IntentRecordCodec.read(found.record);
    return found.kind == SlotReading.Kind.ABSENT
        ? SlotReading.<IntentRecord>absent()
        : SlotReading.<IntentRecord>locked();
  }

  private static List<Marker> readMarkers(RecordFiles files) {
    String[] names = files.list();
    if (names == null) return null;
    List<Marker> markers = new ArrayList<Marker>();
    for (String name : names) {
      Marker marker = Marker.parse(name);
      if (marker != null) markers.add(marker);
    }
    return markers;
  }

  private static void removeAll(RecordFiles files, List<String> names) {
    for (String name : names) {
      try {
        files.remove(name);
      } catch (IOException | RuntimeException stays) {
        // It speaks of a launch that is settled; the next boot tries again.
      }
    }
  }
}
