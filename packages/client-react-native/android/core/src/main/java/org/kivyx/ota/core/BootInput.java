package org.kivyx.ota.core;

import java.util.List;

/** Everything that a decision may depend on. */
final class BootInput {
  final SlotReading<BootRecord> boot0;
  final SlotReading<BootRecord> boot1;
  final SlotReading<IntentRecord> intent0;
  final SlotReading<IntentRecord> intent1;

  /** Null when the folder cannot be listed. */
  final List<Marker> markers;

  final BootEnvironment environment;

  BootInput(
      SlotReading<BootRecord> boot0,
      SlotReading<BootRecord> boot1,
      SlotReading<IntentRecord> intent0,
      SlotReading<IntentRecord> intent1,
      List<Marker> markers,
      BootEnvironment environment) {
    this.boot0 = boot0;
    this.boot1 = boot1;
    this.intent0 = intent0;
    this.intent1 = intent1;
    this.markers = markers;
    this.environment = environment;
  }

  boolean isLocked() {
    return markers == null
        || boot0.kind == SlotReading.Kind.LOCKED
        || boot1.kind == SlotReading.Kind.LOCKED
        || intent0.kind == SlotReading.Kind.LOCKED
        || intent1.kind == SlotReading.Kind.LOCKED;
  }

  /** A newer intent does not count: it is JavaScript's record, and an older JavaScript will replace it. */
  boolean isNewer() {
    return boot0.kind == SlotReading.Kind.NEWER || boot1.kind == SlotReading.Kind.NEWER;
  }

  boolean hasCorruptBootSlot() {
    return boot0.kind == SlotReading.Kind.CORRUPT || boot1.kind == SlotReading.Kind.CORRUPT;
  }

  /** The newest valid intent, or one that asks for nothing. */
  IntentRecord wanted() {
    int newest = Slots.newestIntent(intent0, intent1);
    if (newest < 0) return new IntentRecord();
    return newest == 0 ? intent0.record : intent1.record;
  }
}
