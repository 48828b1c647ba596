package org.kivyx.ota.core;

import java.util.List;

/** Consumes the standing request, once. */
final class RequestConsumption {
  private RequestConsumption() {}

  static void consume(
      BootRecord draft, IntentRecord wanted, BootEnvironment environment, List<BootReason> reasons) {
    if (wanted.requestId <= draft.requestId) return;
    draft.requestId = wanted.requestId;
    if (wanted.stage.isEmpty()) return;
    if (wanted.stage.equals("embedded")) goEmbedded(draft, wanted, reasons);
    else if (wanted.stage.equals(draft.currentSha256Hex)) renumber(draft, wanted, environment, reasons);
    else stage(draft, wanted, environment, reasons);
  }

  private static void goEmbedded(BootRecord draft, IntentRecord wanted, List<BootReason> reasons) {
    if (!wanted.directive) {
      reasons.add(new BootReason("refused-directive"));
      return;
    }
    reasons.add(new BootReason("directive"));
    FailedList.keepEvidence(draft);
    Transitions.setCurrent(draft, "", 0, "");
    Transitions.setGood(draft, "", 0);
    Transitions.setPrevious(draft, "", 0);
  }

  /** The same bytes under a higher version: nothing to prove again, but it is not offered again either. */
  private static void renumber(
      BootRecord draft, IntentRecord wanted, BootEnvironment environment, List<BootReason> reasons) {
    if (!wanted.binaryId.equals(environment.binaryId)) return;
    if (wanted.versionCode <= draft.highestVersionCode) return;
    if (wanted.stage.equals(draft.goodSha256Hex)) draft.goodVersionCode = wanted.versionCode;
    draft.currentVersionCode = wanted.versionCode;
    draft.highestVersionCode = wanted.versionCode;
    reasons.add(new BootReason("renumbered", wanted.stage));
  }

  private static void stage(
      BootRecord draft, IntentRecord wanted, BootEnvironment environment, List<BootReason> reasons) {
    String stage = wanted.stage;
    FailedBundle failure = FailedList.find(draft.failed, stage);
    boolean retry =
        failure != null
            && !failure.byCrash
            && wanted.retryToken > failure.retryToken
            && wanted.versionCode >= draft.highestVersionCode;
    boolean reinstall = stage.equals(draft.lostSha256Hex);
    boolean wasGood = stage.equals(draft.goodSha256Hex) || stage.equals(draft.previousSha256Hex);
    String refusal = refusal(draft, wanted, environment, failure, retry, reinstall, wasGood);
    if (refusal != null) {
      reasons.add(new BootReason(refusal, stage));
      return;
    }
    String accepted = wanted.directive ? "directive" : retry ? "retried" : reinstall ? "reinstalled" : "staged";
    reasons.add(new BootReason(accepted, stage));
    if (wanted.directive) forgetRevoked(draft, stage, wanted.versionCode);
    if (retry) FailedList.forget(draft, stage);
    FailedList.keepEvidence(draft);
    Transitions.setCurrent(draft, stage, wanted.versionCode, wasGood ? "H" : "P");
    if (wasGood && !stage.equals(draft.goodSha256Hex)) {
      // The two change places: what was good until now is still good to fall back to.
      Transitions.setPrevious(draft, draft.goodSha256Hex, draft.goodVersionCode);
      Transitions.setGood(draft, stage, wanted.versionCode);
    }
    draft.currentRetryToken = wanted.retryToken;
    draft.lostSha256Hex = "";
    draft.highestVersionCode = Math.max(draft.highestVersionCode, wanted.versionCode);
  }

  /** Null when nothing speaks against it. */
  private static String refusal(
      BootRecord draft,
      IntentRecord wanted,
      BootEnvironment environment,
      FailedBundle failure,
      boolean retry,
      boolean reinstall,
      boolean wasGood) {
    boolean exempt = retry || reinstall;
    if (!wanted.binaryId.equals(environment.binaryId)) return "refused-binary";
    if (failure != null && !retry) return "refused-failed";
    if (!wanted.directive && !exempt && wanted.versionCode <= draft.highestVersionCode) return "refused-version";
    if (wanted.versionCode <= draft.rejectUpTo && !exempt && !wasGood) return "refused-version";
    return environment.intact.isIntact(wanted.stage) ? null : "refused-damaged";
  }

  /** A directive away from a bundle must not lead back to it, nor to anything above its target, at the next failure. */
  private static void forgetRevoked(BootRecord draft, String target, long targetVersionCode) {
    if (isRevoked(draft, draft.previousSha256Hex, draft.previousVersionCode, target, targetVersionCode)) {
      Transitions.setPrevious(draft, "", 0);
    }
    if (isRevoked(draft, draft.goodSha256Hex, draft.goodVersionCode, target, targetVersionCode)) {
      Transitions.setGood(draft, draft.previousSha256Hex, draft.previousVersionCode);
      Transitions.setPrevious(draft, "", 0);
    }
  }

  private static boolean isRevoked(
      BootRecord draft, String sha256Hex, long versionCode, String target, long targetVersionCode) {
    if (sha256Hex.equals(target)) return false;
    return sha256Hex.equals(draft.currentSha256Hex) || versionCode > targetVersionCode;
  }
}
