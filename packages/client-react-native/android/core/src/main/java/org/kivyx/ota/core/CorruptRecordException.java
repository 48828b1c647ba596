package org.kivyx.ota.core;

/** Bytes that are no record; the message says why. */
final class CorruptRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  CorruptRecordException(String why) {
    super(why);
  }
}
