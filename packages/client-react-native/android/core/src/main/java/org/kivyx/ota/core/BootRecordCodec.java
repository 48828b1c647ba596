package org.kivyx.ota.core;

/** Bytes of a boot slot: magic {@code OTAB1}, twenty lines, checksum. */
public final class BootRecordCodec {
  private static final String MAGIC = "OTAB";
  private static final int KEYS = 20;

  private BootRecordCodec() {}

  /** Untrusted bytes in; never throws. */
  public static SlotReading<BootRecord> read(byte[] bytes) {
    String version = TextRecord.schemaVersion(MAGIC, bytes);
    if (version == null) return SlotReading.corrupt("the first line is not its magic");
    if (!version.equals("1")) return SlotReading.newer(version);
    try {
      return SlotReading.of(parse(new LineReader(TextRecord.open(bytes, KEYS))));
    } catch (CorruptRecordException wrong) {
      return SlotReading.corrupt(wrong.getMessage());
    }
  }

  private static BootRecord parse(LineReader in) throws CorruptRecordException {
    long sequence = in.integer("seq");
    String binaryId = in.binaryId("bin");
    BootRecord out = new BootRecord(binaryId, in.integer("hw"));
    out.sequence = sequence;
    out.rejectUpTo = in.integer("rb");
    out.requestId = in.integer("rid");
    out.currentSha256Hex = in.hash("cur");
    out.currentVersionCode = in.integer("curvc");
    out.currentState = in.text("curst");
    if (!isState(out.currentState)) throw LineReader.notAllowed("curst");
    out.currentRetryToken = in.integer("curtok");
    out.crashes = in.integer("cc");
    out.unknowns = in.integer("cu");
    out.neutrals = in.integer("cn");
    out.goodSha256Hex = in.hash("good");
    out.goodVersionCode = in.integer("goodvc");
    out.previousSha256Hex = in.hash("prev");
    out.previousVersionCode = in.integer("prevvc");
    out.lostSha256Hex = in.hash("lost");
    out.launchId = in.integer("lid");
    out.launchSha256Hex = in.hash("lhash");
    out.failed = FailedList.parse(in.text("failed"));
    String problem = contradiction(out);
    if (problem != null) throw new CorruptRecordException(problem);
    return out;
  }

  /** Throws IllegalArgumentException when a value has no spelling or two contradict each other. */
  public static byte[] write(BootRecord record) {
    if (!isState(record.currentState)) throw new IllegalArgumentException("curst is no state");
    String problem = contradiction(record);
    if (problem != null) throw new IllegalArgumentException(problem);
    return new LineWriter(MAGIC + "1")
        .integer("seq", record.sequence)
        .binaryId("bin", record.binaryId)
        .integer("hw", record.highestVersionCode)
        .integer("rb", record.rejectUpTo)
        .integer("rid", record.requestId)
        .hash("cur", record.currentSha256Hex)
        .integer("curvc", record.currentVersionCode)
        .text("curst", record.currentState)
        .integer("curtok", record.currentRetryToken)
        .integer("cc", record.crashes)
        .integer("cu", record.unknowns)
        .integer("cn", record.neutrals)
        .hash("good", record.goodSha256Hex)
        .integer("goodvc", record.goodVersionCode)
        .hash("prev", record.previousSha256Hex)
        .integer("prevvc", record.previousVersionCode)
        .hash("lost", record.lostSha256Hex)
        .integer("lid", record.launchId)
        .hash("lhash", record.launchSha256Hex)
        .text("failed", FailedList.format(record.failed))
        .seal();
  }

  private static boolean isState(String text) {
    return text.isEmpty() || text.equals("P") || text.equals("H");
  }

  private static String contradiction(BootRecord record) {
    if (record.currentSha256Hex.isEmpty() != record.currentState.isEmpty()) return "curst does not fit cur";
    if (record.launchSha256Hex.isEmpty() != (record.launchId == 0)) return "lhash does not fit lid";
    return record.launchId > record.sequence ? "lid is larger than seq" : null;
  }
}
