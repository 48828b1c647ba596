#import "KVXLaunchSettlement.h"

#import "KVXBootDecision.h"
#import "KVXExitClassifier.h"
#import "KVXFailedList.h"
#import "KVXLimits.h"
#import "KVXTransitions.h"

static void promote(KVXBootRecord *draft) {
  draft.currentState = @"H";
  if ([draft.goodSha256Hex length] > 0 && ![draft.goodSha256Hex isEqualToString:draft.currentSha256Hex]) {
    KVXSetPrevious(draft, draft.goodSha256Hex, draft.goodVersionCode);
  }
  KVXSetGood(draft, draft.currentSha256Hex, draft.currentVersionCode);
}

static BOOL isBudgetUsed(KVXBootRecord *draft, BOOL healthy) {
  if (healthy) return draft.crashes >= KVX_HEALTHY_CRASHES;
  return draft.crashes >= KVX_PENDING_CRASHES || draft.unknowns >= KVX_PENDING_UNKNOWNS ||
         draft.neutrals >= KVX_PENDING_NEUTRALS;
}

void KVXSettleLaunch(KVXBootRecord *draft, KVXIntentRecord *wanted, NSArray *markers, NSMutableArray *reasons) {
  NSString *current = [[draft.currentSha256Hex retain] autorelease];
  if (draft.launchId == 0 || [current length] == 0) return;
  if (![draft.launchSha256Hex isEqualToString:current]) return;
  NSString *end = KVXClassifyExit(draft.launchId, wanted.acknowledgedLaunchId, markers);
  BOOL healthy = [draft.currentState isEqualToString:@"H"];
  [reasons addObject:[KVXBootReason code:end about:current]];
  if ([end isEqualToString:KVXExitConfirmed]) {
    KVXClearCounters(draft);
    if (!healthy) promote(draft);
    return;
  }
  if ([end isEqualToString:KVXExitCrashed] || [end isEqualToString:KVXExitTimedOut]) draft.crashes += 1;
  else if (healthy) return;
  else if ([end isEqualToString:KVXExitNeutral]) draft.neutrals += 1;
  else draft.unknowns += 1;
  if (!isBudgetUsed(draft, healthy)) return;
  [reasons addObject:[KVXBootReason code:@"failed" about:current]];
  KVXRememberCurrent(draft);
  KVXLeaveCurrent(draft);
}
