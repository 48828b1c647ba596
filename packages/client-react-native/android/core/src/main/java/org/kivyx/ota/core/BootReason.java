package org.kivyx.ota.core;

/** One step of a decision, with the bundle it is about. Codes are stable: telemetry sends them. */
public final class BootReason {
  public final String code;

  /** Empty when it is about no bundle. */
  public final String sha256Hex;

  BootReason(String code, String sha256Hex) {
    this.code = code;
    this.sha256Hex = sha256Hex;
  }

  BootReason(String code) {
    this(code, "");
  }
}
