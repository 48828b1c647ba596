package org.kivyx.ota.core;

/** What was found where a file may be: nothing, something unreadable, or a value. */
public final class SlotReading<R> {
  public enum Kind {
    ABSENT,
    /** There, but not readable now: before the first unlock, or an I/O error. */
    LOCKED,
    RECORD,
    CORRUPT,
    /** Written by a newer version of this code. */
    NEWER
  }

  public final Kind kind;

  /** Not null when and only when {@link #kind} is RECORD. */
  public final R record;

  /** Why it is CORRUPT, or the schema number of a NEWER one. */
  public final String detail;

  private SlotReading(Kind kind, R record, String detail) {
    this.kind = kind;
    this.record = record;
    this.detail = detail;
  }

  public static <R> SlotReading<R> absent() {
    return new SlotReading<R>(Kind.ABSENT, null, "");
  }

  public static <R> SlotReading<R> locked() {
    return new SlotReading<R>(Kind.LOCKED, null, "");
  }

  public static <R> SlotReading<R> of(R record) {
    return new SlotReading<R>(Kind.RECORD, record, "");
  }

  static <R> SlotReading<R> corrupt(String why) {
    return new SlotReading<R>(Kind.CORRUPT, null, why);
  }

  static <R> SlotReading<R> newer(String version) {
    return new SlotReading<R>(Kind.NEWER, null, version);
  }
}
