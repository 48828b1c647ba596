package org.kivyx.ota.core;

/** Two slots of a record: the newest valid one counts, the other one is written. */
final class Slots {
  static final String[] BOOT = {"boot.0", "boot.1"};
  static final String[] INTENT = {"intent.0", "intent.1"};

  private Slots() {}

  /** Index of the newest valid boot record; -1 for none. */
  static int newestBoot(SlotReading<BootRecord> first, SlotReading<BootRecord> second) {
    return newest(
        first.record == null ? -1 : first.record.sequence, second.record == null ? -1 : second.record.sequence);
  }

  /** Index of the newest valid intent record; -1 for none. */
  static int newestIntent(SlotReading<IntentRecord> first, SlotReading<IntentRecord> second) {
    return newest(
        first.record == null ? -1 : first.record.sequence, second.record == null ? -1 : second.record.sequence);
  }

  private static int newest(long first, long second) {
    if (first > second) return 0;
    return second < 0 ? -1 : 1;
  }
}
