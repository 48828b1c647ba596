package org.kivyx.ota.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which entries of {@code bundles/} no boot can come to need. */
public final class CleanUpPlan {
  private CleanUpPlan() {}

  /**
   * Both slots of both records are respected, because a torn write or a bad sector makes the older one count again; without any
   * boot record, or with one that cannot be read now, nothing is removable.
   */
  public static List<String> removable(
      List<SlotReading<BootRecord>> boot,
      List<SlotReading<IntentRecord>> intent,
      Collection<String> bundles,
      Collection<String> inUse) {
    Set<String> needed = new HashSet<String>(inUse);
    boolean known = false;
    for (SlotReading<BootRecord> slot : boot) {
      if (isUnreadable(slot.kind)) return Collections.emptyList();
      if (slot.record == null) continue;
      known = true;
      needed.add(slot.record.currentSha256Hex);
      needed.add(slot.record.goodSha256Hex);
      needed.add(slot.record.previousSha256Hex);
      needed.add(slot.record.launchSha256Hex);
    }
    for (SlotReading<IntentRecord> slot : intent) {
      if (isUnreadable(slot.kind)) return Collections.emptyList();
      if (slot.record != null) needed.add(slot.record.stage);
    }
    List<String> out = new ArrayList<String>();
    if (!known) return out;
    for (String name : bundles) if (!needed.contains(name)) out.add(name);
    return out;
  }

  private static boolean isUnreadable(SlotReading.Kind kind) {
    return kind == SlotReading.Kind.LOCKED || kind == SlotReading.Kind.NEWER;
  }
}
