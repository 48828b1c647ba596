#import "KVXBootDecider.h"

#import "KVXFailedList.h"
#import "KVXLaunchSettlement.h"
#import "KVXLimits.h"
#import "KVXMarker.h"
#import "KVXRequestConsumption.h"
#import "KVXTransitions.h"

static KVXBootRecord *startOver(const KVXBootInput *input, KVXIntentRecord *wanted, NSMutableArray *reasons) {
  const KVXBootEnvironment *environment = &input->environment;
  KVXBootRecord *draft = [KVXBootRecord emptyWithBinaryId:environment->binaryId
                                      embeddedVersionCode:environment->embeddedVersionCode];
  // Launch ids must not repeat: an old confirmation or marker would speak for a new launch.
  draft.sequence = wanted.acknowledgedLaunchId;
  for (KVXMarker *one in input->markers) {
    if (one.launchId > draft.sequence) draft.sequence = one.launchId;
  }
  if (input->boot[0].kind == KVXSlotCorrupt || input->boot[1].kind == KVXSlotCorrupt) {
    // What was consumed is not known any more: the request that stands there may be the one that broke things.
    draft.requestId = wanted.requestId;
    [reasons addObject:[KVXBootReason code:@"both-slots-corrupt" about:@""]];
  }
  return draft;
}

static void leaveDamaged(KVXBootRecord *draft, id<KVXIntactCheck> intact, NSMutableArray *reasons) {
  while ([draft.currentSha256Hex length] > 0 && ![intact isIntact:draft.currentSha256Hex]) {
    [reasons addObject:[KVXBootReason code:@"bundle-damaged" about:draft.currentSha256Hex]];
    // Only what nothing is held against may come again: else a new copy would get new budgets.
    BOOL spotless = draft.crashes == 0 && draft.unknowns == 0 && draft.neutrals == 0;
    if (spotless || [draft.currentState isEqualToString:@"H"]) draft.lostSha256Hex = draft.currentSha256Hex;
    else KVXKeepEvidence(draft);
    KVXLeaveCurrent(draft);
  }
}

KVXBootDecision *KVXDecideBoot(const KVXBootInput *input) {
  const KVXBootEnvironment *environment = &input->environment;
  if (!environment->lockAcquired) return [KVXBootDecision embedded:@"other-process"];
  if (KVXInputIsLocked(input)) return [KVXBootDecision embedded:@"locked"];
  if (KVXInputIsNewer(input)) return [KVXBootDecision embedded:@"newer-schema"];

  NSMutableArray *reasons = [NSMutableArray array];
  KVXIntentRecord *wanted = KVXWanted(input->intent);
  int newest = KVXNewestBoot(input->boot);
  KVXBootRecord *draft =
      newest < 0 ? startOver(input, wanted, reasons) : [(KVXBootRecord *)input->boot[newest].record draft];
  if (draft.sequence >= KVX_MAX_INTEGER) return [KVXBootDecision embedded:@"sequence-exhausted"];
  if (![draft.binaryId isEqualToString:environment->binaryId]) {
    KVXBootRecord *fresh = [KVXBootRecord emptyWithBinaryId:environment->binaryId
                                        embeddedVersionCode:environment->embeddedVersionCode];
    fresh.sequence = draft.sequence;
    fresh.requestId = draft.requestId;
    draft = fresh;
    [reasons addObject:[KVXBootReason code:@"binary-changed" about:@""]];
  }
  if (environment->embeddedVersionCode > draft.highestVersionCode) {
    draft.highestVersionCode = environment->embeddedVersionCode;
  }

  KVXSettleLaunch(draft, wanted, input->markers, reasons);
  KVXConsumeRequest(draft, wanted, environment, reasons);
  leaveDamaged(draft, environment->intact, reasons);

  draft.sequence += 1;
  draft.launchId = [draft.currentSha256Hex length] == 0 ? 0 : draft.sequence;
  draft.launchSha256Hex = draft.currentSha256Hex;
  NSMutableArray *deletes = [NSMutableArray array];
  for (KVXMarker *one in input->markers) [deletes addObject:[one name]];
  return [KVXBootDecision launch:draft
                            slot:KVXBootSlots[newest == 0 ? 1 : 0]
                         deletes:deletes
                         reasons:reasons];
}

KVXBootDecision *KVXDecideWithoutWrite(const KVXBootInput *input, KVXBootDecision *decision) {
  KVXBootReason *failure = [KVXBootReason code:@"write-failed" about:@""];
  KVXBootRecord *draft = [decision.record draft];
  if ([draft.currentState isEqualToString:@"P"]) KVXLeaveCurrent(draft);
  while ([draft.currentSha256Hex length] > 0 && ![input->environment.intact isIntact:draft.currentSha256Hex]) {
    KVXLeaveCurrent(draft);
  }
  return [KVXBootDecision launchReadOnly:draft reasons:[decision.reasons arrayByAddingObject:failure]];
}
