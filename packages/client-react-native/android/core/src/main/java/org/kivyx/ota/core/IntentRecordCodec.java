package org.kivyx.ota.core;

/** Bytes of an intent slot: magic {@code OTAI1}, eight lines, checksum. */
public final class IntentRecordCodec {
  private static final String MAGIC = "OTAI";
  private static final int KEYS = 8;

  private IntentRecordCodec() {}

  /** Untrusted bytes in; never throws. */
  public static SlotReading<IntentRecord> read(byte[] bytes) {
    String version = TextRecord.schemaVersion(MAGIC, bytes);
    if (version == null) return SlotReading.corrupt("the first line is not its magic");
    if (!version.equals("1")) return SlotReading.newer(version);
    try {
      return SlotReading.of(parse(new LineReader(TextRecord.open(bytes, KEYS))));
    } catch (CorruptRecordException wrong) {
      return SlotReading.corrupt(wrong.getMessage());
    }
  }

  private static IntentRecord parse(LineReader in) throws CorruptRecordException {
    IntentRecord out = new IntentRecord();
    out.sequence = in.integer("seq");
    out.requestId = in.integer("rid");
    out.stage = in.text("stage");
    if (!isStage(out.stage)) throw LineReader.notAllowed("stage");
    out.versionCode = in.integer("vc");
    out.binaryId = in.binaryId("bin");
    String flag = in.text("dir");
    if (!flag.equals("0") && !flag.equals("1")) throw LineReader.notAllowed("dir");
    out.directive = flag.equals("1");
    out.retryToken = in.integer("tok");
    out.acknowledgedLaunchId = in.integer("ack");
    return out;
  }

  /** Throws IllegalArgumentException when a value has no spelling. */
  public static byte[] write(IntentRecord record) {
    if (!isStage(record.stage)) throw new IllegalArgumentException("stage is no hash");
    return new LineWriter(MAGIC + "1")
        .integer("seq", record.sequence)
        .integer("rid", record.requestId)
        .text("stage", record.stage)
        .integer("vc", record.versionCode)
        .binaryId("bin", record.binaryId)
        .text("dir", record.directive ? "1" : "0")
        .integer("tok", record.retryToken)
        .integer("ack", record.acknowledgedLaunchId)
        .seal();
  }

  private static boolean isStage(String text) {
    return text.equals("embedded") || Fields.isHashOrEmpty(text);
  }
}
