package org.kivyx.ota.core;

import java.util.ArrayList;
import java.util.List;

/** What to launch after what happened (docs/spec/lifecycle.md). Pure. */
final class BootDecider {
  private BootDecider() {}

  static BootDecision decide(BootInput input) {
    BootEnvironment environment = input.environment;
    if (!environment.lockAcquired) return BootDecision.embedded("other-process");
    if (input.isLocked()) return BootDecision.embedded("locked");
    if (input.isNewer()) return BootDecision.embedded("newer-schema");

    List<BootReason> reasons = new ArrayList<BootReason>();
    IntentRecord wanted = input.wanted();
    int newest = Slots.newestBoot(input.boot0, input.boot1);
    BootRecord draft =
        newest < 0
            ? startOver(input, wanted, reasons)
            : (newest == 0 ? input.boot0.record : input.boot1.record).copy();
    if (draft.sequence >= Limits.MAX_INTEGER) return BootDecision.embedded("sequence-exhausted");
    if (!draft.binaryId.equals(environment.binaryId)) {
      BootRecord fresh = new BootRecord(environment.binaryId, environment.embeddedVersionCode);
      fresh.sequence = draft.sequence;
      fresh.requestId = draft.requestId;
      draft = fresh;
      reasons.add(new BootReason("binary-changed"));
    }
    draft.highestVersionCode = Math.max(draft.highestVersionCode, environment.embeddedVersionCode);

    LaunchSettlement.settle(draft, wanted, input.markers, reasons);
    RequestConsumption.consume(draft, wanted, environment, reasons);
    leaveDamaged(draft, environment.intact, reasons);

    draft.sequence += 1;
    draft.launchId = draft.currentSha256Hex.isEmpty() ? 0 : draft.sequence;
    draft.launchSha256Hex = draft.currentSha256Hex;
    List<String> deletes = new ArrayList<String>();
    for (Marker one : input.markers) deletes.add(one.name());
    String slot = Slots.BOOT[newest == 0 ? 1 : 0];
    return new BootDecision(Launch.of(draft, draft.launchId), draft, slot, deletes, reasons);
  }

  /**
   * What to launch when the decision's record could not be written: never an unconfirmed bundle, because its launch would not
   * be counted. Nothing may be removed either: the evidence is needed at the next boot.
   */
  static BootDecision decideWithoutWrite(BootInput input, BootDecision decision) {
    List<BootReason> reasons = new ArrayList<BootReason>(decision.reasons);
    reasons.add(new BootReason("write-failed"));
    BootRecord draft = decision.record.copy();
    if (draft.currentState.equals("P")) Transitions.leaveCurrent(draft);
    while (!draft.currentSha256Hex.isEmpty()
        && !input.environment.intact.isIntact(draft.currentSha256Hex)) {
      Transitions.leaveCurrent(draft);
    }
    return BootDecision.readOnly(Launch.of(draft, 0), reasons);
  }

  private static BootRecord startOver(BootInput input, IntentRecord wanted, List<BootReason> reasons) {
    BootRecord draft = new BootRecord(input.environment.binaryId, input.environment.embeddedVersionCode);
    // Launch ids must not repeat: an old confirmation or marker would speak for a new launch.
    draft.sequence = wanted.acknowledgedLaunchId;
    for (Marker one : input.markers) draft.sequence = Math.max(draft.sequence, one.launchId);
    if (input.hasCorruptBootSlot()) {
      // What was consumed is not known any more: the request that stands there may be the one that broke things.
      draft.requestId = wanted.requestId;
      reasons.add(new BootReason("both-slots-corrupt"));
    }
    return draft;
  }

  private static void leaveDamaged(BootRecord draft, IntactCheck intact, List<BootReason> reasons) {
    while (!draft.currentSha256Hex.isEmpty() && !intact.isIntact(draft.currentSha256Hex)) {
      reasons.add(new BootReason("bundle-damaged", draft.currentSha256Hex));
      // Only what nothing is held against may come again: else a new copy would get new budgets.
      boolean spotless = draft.crashes == 0 && draft.unknowns == 0 && draft.neutrals == 0;
      if (spotless || draft.currentState.equals("H")) draft.lostSha256Hex = draft.currentSha256Hex;
      else FailedList.keepEvidence(draft);
      Transitions.leaveCurrent(draft);
    }
  }
}
