package org.kivyx.ota.core;

/** Takes the key lines of a record one after the other, in the only order there is. */
final class LineReader {
  private final String[] lines;
  private int next = 1;

  LineReader(String[] lines) {
    this.lines = lines;
  }

  String text(String key) throws CorruptRecordException {
    String line = lines[next++];
    if (!line.startsWith(key + "=")) throw new CorruptRecordException("line " + next + " is not " + key);
    return line.substring(key.length() + 1);
  }

  long integer(String key) throws CorruptRecordException {
    long value = Fields.parseInteger(text(key));
    if (value < 0) throw notAllowed(key);
    return value;
  }

  String hash(String key) throws CorruptRecordException {
    String value = text(key);
    if (!Fields.isHashOrEmpty(value)) throw notAllowed(key);
    return value;
  }

  String binaryId(String key) throws CorruptRecordException {
    String value = text(key);
    if (!Fields.isBinaryId(value)) throw notAllowed(key);
    return value;
  }

  static CorruptRecordException notAllowed(String key) {
    return new CorruptRecordException(key + " has a value that is not allowed");
  }
}
