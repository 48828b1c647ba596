package org.kivyx.ota.core;

import java.nio.charset.StandardCharsets;

/** The envelope of a record: magic line, lines, checksum line. */
final class TextRecord {
  private static final String SEAL_KEY = "sha256=";
  private static final int SEAL_LENGTH = 7 + 64 + 1;

  private TextRecord() {}

  /** {@code lines}: magic line and key lines, printable ASCII, each with its line feed. */
  static byte[] seal(String lines) {
    byte[] unsealed = lines.getBytes(StandardCharsets.US_ASCII);
    String hash = Sha256Hex.of(unsealed, unsealed.length);
    byte[] sealed = (lines + SEAL_KEY + hash + "\n").getBytes(StandardCharsets.US_ASCII);
    if (sealed.length > Limits.RECORD_MAX_BYTES) {
      throw new IllegalArgumentException("A record of " + sealed.length + " bytes");
    }
    return sealed;
  }

  /** The digits between {@code magic} and the first line feed; null when that is not how it begins. */
  static String schemaVersion(String magic, byte[] bytes) {
    int at = magic.length();
    if (bytes.length < at) return null;
    for (int i = 0; i < at; i++) if (bytes[i] != magic.charAt(i)) return null;
    StringBuilder digits = new StringBuilder();
    for (int i = at; i < bytes.length && digits.length() < 10; i++) {
      byte one = bytes[i];
      if (one == '\n') return digits.length() == 0 ? null : digits.toString();
      if (one < (digits.length() == 0 ? '1' : '0') || one > '9') return null;
      digits.append((char) one);
    }
    return null;
  }

  /** The key lines of a record of schema 1, after every check that does not depend on the keys. */
  static String[] open(byte[] bytes, int keys) throws CorruptRecordException {
    if (bytes.length > Limits.RECORD_MAX_BYTES) {
      throw new CorruptRecordException("longer than " + Limits.RECORD_MAX_BYTES + " bytes");
    }
    for (byte one : bytes) {
      if (one != '\n' && (one < 32 || one > 126)) {
        throw new CorruptRecordException("a byte that is neither a line feed nor printable ASCII");
      }
    }
    String text = new String(bytes, StandardCharsets.US_ASCII);
    int sealAt = text.length() - SEAL_LENGTH;
    if (sealAt < 0 || text.charAt(text.length() - 1) != '\n') {
      throw new CorruptRecordException("the last line is not complete");
    }
    if (sealAt == 0 || text.charAt(sealAt - 1) != '\n' || !text.startsWith(SEAL_KEY, sealAt)) {
      throw new CorruptRecordException("the last line is not the checksum");
    }
    String hash = text.substring(sealAt + SEAL_KEY.length(), text.length() - 1);
    if (!hash.equals(Sha256Hex.of(bytes, sealAt))) throw new CorruptRecordException("wrong checksum");
    String[] lines = text.substring(0, sealAt - 1).split("\n", -1);
    if (lines.length != keys + 1) throw new CorruptRecordException("a line too many or too few");
    return lines;
  }
}
