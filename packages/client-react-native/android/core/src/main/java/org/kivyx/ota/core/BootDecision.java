package org.kivyx.ota.core;

import java.util.Collections;
import java.util.List;

/** What to write, to remove and to launch, in this order. */
public final class BootDecision {
  public final Launch launch;

  /** To be written durably into {@link #slot} before anything is launched; null: change nothing at all. */
  public final BootRecord record;

  public final String slot;

  /** Names of consumed markers, to be removed after the write has succeeded. */
  public final List<String> deletes;

  /** In the order in which things happened. */
  public final List<BootReason> reasons;

  BootDecision(
      Launch launch, BootRecord record, String slot, List<String> deletes, List<BootReason> reasons) {
    this.launch = launch;
    this.record = record;
    this.slot = slot;
    this.deletes = deletes;
    this.reasons = reasons;
  }

  /** Launches without touching a file. */
  static BootDecision readOnly(Launch launch, List<BootReason> reasons) {
    return new BootDecision(launch, null, "", Collections.<String>emptyList(), reasons);
  }

  public static BootDecision embedded(String code) {
    return readOnly(Launch.EMBEDDED, Collections.singletonList(new BootReason(code)));
  }
}
