package org.kivyx.ota.core;

import java.util.ArrayList;
import java.util.List;

/** The {@code failed} line, and the rules of the list it stands for. */
final class FailedList {
  private FailedList() {}

  static List<FailedBundle> parse(String text) throws CorruptRecordException {
    List<FailedBundle> out = new ArrayList<FailedBundle>();
    if (text.isEmpty()) return out;
    String[] entries = text.split(",", -1);
    if (entries.length > Limits.FAILED_MAX_ENTRIES) throw LineReader.notAllowed("failed");
    for (String entry : entries) {
      FailedBundle bundle = parseEntry(entry);
      if (bundle == null || find(out, bundle.sha256Hex) != null) throw LineReader.notAllowed("failed");
      out.add(bundle);
    }
    return out;
  }

  private static FailedBundle parseEntry(String entry) {
    String[] parts = entry.split(":", -1);
    if (parts.length != 4 || !Sha256Hex.isValid(parts[0])) return null;
    if (!parts[1].equals("c") && !parts[1].equals("u")) return null;
    long versionCode = Fields.parseInteger(parts[2]);
    long retryToken = Fields.parseInteger(parts[3]);
    if (versionCode < 0 || retryToken < 0) return null;
    return new FailedBundle(parts[0], parts[1].equals("c"), versionCode, retryToken);
  }

  static String format(List<FailedBundle> failed) {
    StringBuilder out = new StringBuilder();
    for (FailedBundle one : failed) {
      if (out.length() > 0) out.append(',');
      out.append(one.sha256Hex).append(one.byCrash ? ":c:" : ":u:").append(Fields.formatInteger(one.versionCode));
      out.append(':').append(Fields.formatInteger(one.retryToken));
    }
    try {
      parse(out.toString());
    } catch (CorruptRecordException wrong) {
      throw new IllegalArgumentException(wrong.getMessage());
    }
    return out.toString();
  }

  /** Null when that bundle has not failed. */
  static FailedBundle find(List<FailedBundle> failed, String sha256Hex) {
    for (FailedBundle one : failed) if (one.sha256Hex.equals(sha256Hex)) return one;
    return null;
  }

  /** Adds the current bundle. Above the cap the lowest version is evicted and stands refused by number from then on. */
  static void rememberCurrent(BootRecord draft) {
    forget(draft, draft.currentSha256Hex);
    draft.failed.add(
        new FailedBundle(
            draft.currentSha256Hex, draft.crashes > 0, draft.currentVersionCode, draft.currentRetryToken));
    if (draft.failed.size() <= Limits.FAILED_MAX_ENTRIES) return;
    int lowest = 0;
    for (int i = 1; i < draft.failed.size(); i++) {
      if (draft.failed.get(i).versionCode < draft.failed.get(lowest).versionCode) lowest = i;
    }
    draft.rejectUpTo = Math.max(draft.rejectUpTo, draft.failed.remove(lowest).versionCode);
  }

  /**
   * A bundle on probation that is replaced or lost takes its counters with it. If it has crashed or vanished once it counts as
   * failed: else the same bytes, published again, would get new budgets.
   */
  static void keepEvidence(BootRecord draft) {
    if (draft.currentState.equals("P") && draft.crashes + draft.unknowns > 0) rememberCurrent(draft);
  }

  static void forget(BootRecord draft, String sha256Hex) {
    FailedBundle before = find(draft.failed, sha256Hex);
    if (before != null) draft.failed.remove(before);
  }
}
