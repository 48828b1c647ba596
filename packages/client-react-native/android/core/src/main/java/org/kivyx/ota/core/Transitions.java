package org.kivyx.ota.core;

/** The moves between current, good and previous. */
final class Transitions {
  private Transitions() {}

  static void setCurrent(BootRecord draft, String sha256Hex, long versionCode, String state) {
    draft.currentSha256Hex = sha256Hex;
    draft.currentVersionCode = versionCode;
    draft.currentState = state;
    draft.currentRetryToken = 0;
    clearCounters(draft);
  }

  static void setGood(BootRecord draft, String sha256Hex, long versionCode) {
    draft.goodSha256Hex = sha256Hex;
    draft.goodVersionCode = versionCode;
  }

  static void setPrevious(BootRecord draft, String sha256Hex, long versionCode) {
    draft.previousSha256Hex = sha256Hex;
    draft.previousVersionCode = versionCode;
  }

  static void clearCounters(BootRecord draft) {
    draft.crashes = 0;
    draft.unknowns = 0;
    draft.neutrals = 0;
  }

  /** Gives the current bundle up: good, else the one before, else embedded. Neither is taken if it failed. */
  static void leaveCurrent(BootRecord draft) {
    String left = draft.currentSha256Hex;
    if (isUnusable(draft, draft.previousSha256Hex, left)) setPrevious(draft, "", 0);
    if (draft.goodSha256Hex.isEmpty() || isUnusable(draft, draft.goodSha256Hex, left)) {
      setGood(draft, draft.previousSha256Hex, draft.previousVersionCode);
      setPrevious(draft, "", 0);
    }
    setCurrent(draft, draft.goodSha256Hex, draft.goodVersionCode, draft.goodSha256Hex.isEmpty() ? "" : "H");
  }

  private static boolean isUnusable(BootRecord draft, String sha256Hex, String left) {
    return sha256Hex.equals(left) || FailedList.find(draft.failed, sha256Hex) != null;
  }
}
