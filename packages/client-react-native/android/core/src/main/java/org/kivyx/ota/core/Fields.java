package org.kivyx.ota.core;

/** How single values are spelled. Parsing accepts nothing that writing would not produce. */
final class Fields {
  private static final String MAX_INTEGER_TEXT = "9007199254740991";

  private Fields() {}

  /** -1 for every spelling that is not a plain integer from 0 to 2^53 - 1. */
  static long parseInteger(String text) {
    int length = text.length();
    if (length == 0 || length > MAX_INTEGER_TEXT.length()) return -1;
    for (int i = 0; i < length; i++) if (text.charAt(i) < '0' || text.charAt(i) > '9') return -1;
    if (length > 1 && text.charAt(0) == '0') return -1;
    if (length == MAX_INTEGER_TEXT.length() && text.compareTo(MAX_INTEGER_TEXT) > 0) return -1;
    return Long.parseLong(text);
  }

  static String formatInteger(long value) {
    if (value < 0 || value > Limits.MAX_INTEGER) {
      throw new IllegalArgumentException("An integer from 0 to 2^53 - 1 expected, not " + value);
    }
    return Long.toString(value);
  }

  static boolean isHashOrEmpty(String text) {
    return text.isEmpty() || Sha256Hex.isValid(text);
  }

  static boolean isBinaryId(String text) {
    if (text.length() > 128) return false;
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      boolean letterOrDigit = (one >= 'A' && one <= 'Z') || (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9');
      if (!letterOrDigit && "._:+-".indexOf(one) < 0) return false;
    }
    return true;
  }
}
