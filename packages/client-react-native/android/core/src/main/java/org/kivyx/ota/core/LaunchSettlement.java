package org.kivyx.ota.core;

import java.util.List;

/** Turns what is known of the open launch into counters, a promotion or a failure. */
final class LaunchSettlement {
  private LaunchSettlement() {}

  static void settle(BootRecord draft, IntentRecord wanted, List<Marker> markers, List<BootReason> reasons) {
    String current = draft.currentSha256Hex;
    if (draft.launchId == 0 || current.isEmpty() || !draft.launchSha256Hex.equals(current)) return;
    String exit = ExitClassifier.classify(draft.launchId, wanted.acknowledgedLaunchId, markers);
    boolean healthy = draft.currentState.equals("H");
    reasons.add(new BootReason(exit, current));
    if (exit.equals(ExitClassifier.CONFIRMED)) {
      Transitions.clearCounters(draft);
      if (!healthy) promote(draft);
      return;
    }
    if (exit.equals(ExitClassifier.CRASHED) || exit.equals(ExitClassifier.TIMED_OUT)) draft.crashes += 1;
    else if (healthy) return;
    else if (exit.equals(ExitClassifier.ENDED_NEUTRAL)) draft.neutrals += 1;
    else draft.unknowns += 1;
    if (!isBudgetUsed(draft, healthy)) return;
    reasons.add(new BootReason("failed", current));
    FailedList.rememberCurrent(draft);
    Transitions.leaveCurrent(draft);
  }

  private static void promote(BootRecord draft) {
    draft.currentState = "H";
    if (!draft.goodSha256Hex.isEmpty() && !draft.goodSha256Hex.equals(draft.currentSha256Hex)) {
      Transitions.setPrevious(draft, draft.goodSha256Hex, draft.goodVersionCode);
    }
    Transitions.setGood(draft, draft.currentSha256Hex, draft.currentVersionCode);
  }

  private static boolean isBudgetUsed(BootRecord draft, boolean healthy) {
    if (healthy) return draft.crashes >= Limits.HEALTHY_CRASHES;
    return draft.crashes >= Limits.PENDING_CRASHES
        || draft.unknowns >= Limits.PENDING_UNKNOWNS
        || draft.neutrals >= Limits.PENDING_NEUTRALS;
  }
}
