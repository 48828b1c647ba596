package org.kivyx.ota.core;

/** Writes key lines. Refuses what {@link LineReader} would refuse. */
final class LineWriter {
  private final StringBuilder text;

  LineWriter(String magicLine) {
    text = new StringBuilder(magicLine).append('\n');
  }

  LineWriter text(String key, String value) {
    text.append(key).append('=').append(value).append('\n');
    return this;
  }

  LineWriter integer(String key, long value) {
    return text(key, Fields.formatInteger(value));
  }

  LineWriter hash(String key, String value) {
    if (!Fields.isHashOrEmpty(value)) throw new IllegalArgumentException(key + " is no hash");
    return text(key, value);
  }

  LineWriter binaryId(String key, String value) {
    if (!Fields.isBinaryId(value)) throw new IllegalArgumentException(key + " is no binary id");
    return text(key, value);
  }

  byte[] seal() {
    return TextRecord.seal(text.toString());
  }
}
