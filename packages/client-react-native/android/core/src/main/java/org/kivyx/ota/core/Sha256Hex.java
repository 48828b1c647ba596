package org.kivyx.ota.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 as 64 lower-case hex digits. */
public final class Sha256Hex {
  private static final String DIGITS = "0123456789abcdef";

  private Sha256Hex() {}

  public static boolean isValid(String text) {
    if (text.length() != 64) return false;
    for (int i = 0; i < 64; i++) if (DIGITS.indexOf(text.charAt(i)) < 0) return false;
    return true;
  }

  /** Hash of the first {@code length} bytes. */
  static String of(byte[] bytes, int length) {
    MessageDigest digest = newDigest();
    digest.update(bytes, 0, length);
    return finish(digest);
  }

  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256", impossible);
    }
  }

  public static String finish(MessageDigest digest) {
    byte[] hash = digest.digest();
    StringBuilder out = new StringBuilder(64);
    for (byte one : hash) out.append(DIGITS.charAt((one >> 4) & 15)).append(DIGITS.charAt(one & 15));
    return out.toString();
  }
}
