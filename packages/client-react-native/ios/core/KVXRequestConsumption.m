#import "KVXRequestConsumption.h"

#import "KVXBootDecision.h"
#import "KVXFailedList.h"
#import "KVXTransitions.h"

static void goEmbedded(KVXBootRecord *draft, KVXIntentRecord *wanted, NSMutableArray *reasons) {
  [reasons addObject:[KVXBootReason code:wanted.directive ? @"directive" : @"refused-directive" about:@""]];
  if (!wanted.directive) return;
  KVXKeepEvidence(draft);
  KVXSetCurrent(draft, @"", 0, @"");
  KVXSetGood(draft, @"", 0);
  KVXSetPrevious(draft, @"", 0);
}

/** The same bytes under a higher version: nothing to prove again, but it is not offered again either. */
static void renumber(KVXBootRecord *draft, KVXIntentRecord *wanted, const KVXBootEnvironment *environment,
                     NSMutableArray *reasons) {
  if (![wanted.binaryId isEqualToString:environment->binaryId]) return;
  if (wanted.versionCode <= draft.highestVersionCode) return;
  if ([wanted.stage isEqualToString:draft.goodSha256Hex]) draft.goodVersionCode = wanted.versionCode;
  draft.currentVersionCode = wanted.versionCode;
  draft.highestVersionCode = wanted.versionCode;
  [reasons addObject:[KVXBootReason code:@"renumbered" about:wanted.stage]];
}

static BOOL isRevoked(KVXBootRecord *draft, NSString *sha256Hex, long long versionCode, KVXIntentRecord *wanted) {
  if ([sha256Hex isEqualToString:wanted.stage]) return NO;
  return [sha256Hex isEqualToString:draft.currentSha256Hex] || versionCode > wanted.versionCode;
}

/** A directive away from a bundle must not lead back to it, nor to anything above its target, at the next failure. */
static void forgetRevoked(KVXBootRecord *draft, KVXIntentRecord *wanted) {
  if (isRevoked(draft, draft.previousSha256Hex, draft.previousVersionCode, wanted)) KVXSetPrevious(draft, @"", 0);
  if (isRevoked(draft, draft.goodSha256Hex, draft.goodVersionCode, wanted)) {
    KVXSetGood(draft, draft.previousSha256Hex, draft.previousVersionCode);
    KVXSetPrevious(draft, @"", 0);
  }
}

/** Nil when nothing speaks against it. `exempt`: a retry or a new copy of what was lost. */
static NSString *refusal(KVXBootRecord *draft, KVXIntentRecord *wanted, const KVXBootEnvironment *environment,
                         BOOL failedForGood, BOOL exempt, BOOL wasGood) {
  if (![wanted.binaryId isEqualToString:environment->binaryId]) return @"refused-binary";
  if (failedForGood) return @"refused-failed";
  if (!wanted.directive && !exempt && wanted.versionCode <= draft.highestVersionCode) return @"refused-version";
  if (wanted.versionCode <= draft.rejectUpTo && !exempt && !wasGood) return @"refused-version";
  return [environment->intact isIntact:wanted.stage] ? nil : @"refused-damaged";
}

static void stage(KVXBootRecord *draft, KVXIntentRecord *wanted, const KVXBootEnvironment *environment,
                  NSMutableArray *reasons) {
  KVXFailedBundle *failure = KVXFindFailed(draft.failed, wanted.stage);
  BOOL retry = failure != nil && !failure.byCrash && wanted.retryToken > failure.retryToken &&
               wanted.versionCode >= draft.highestVersionCode;
  BOOL reinstall = [wanted.stage isEqualToString:draft.lostSha256Hex];
  BOOL isGood = [wanted.stage isEqualToString:draft.goodSha256Hex];
  BOOL wasGood = isGood || [wanted.stage isEqualToString:draft.previousSha256Hex];
  NSString *no = refusal(draft, wanted, environment, failure != nil && !retry, retry || reinstall, wasGood);
  if (no != nil) {
    [reasons addObject:[KVXBootReason code:no about:wanted.stage]];
    return;
  }
  NSString *yes = wanted.directive ? @"directive" : retry ? @"retried" : reinstall ? @"reinstalled" : @"staged";
  [reasons addObject:[KVXBootReason code:yes about:wanted.stage]];
  if (wanted.directive) forgetRevoked(draft, wanted);
  if (retry) KVXForgetFailed(draft, wanted.stage);
  KVXKeepEvidence(draft);
  KVXSetCurrent(draft, wanted.stage, wanted.versionCode, wasGood ? @"H" : @"P");
  if (wasGood && ![wanted.stage isEqualToString:draft.goodSha256Hex]) {
    // The two change places: what was good until now is still good to fall back to.
    KVXSetPrevious(draft, draft.goodSha256Hex, draft.goodVersionCode);
    KVXSetGood(draft, wanted.stage, wanted.versionCode);
  }
  draft.currentRetryToken = wanted.retryToken;
  draft.lostSha256Hex = @"";
  if (wanted.versionCode > draft.highestVersionCode) draft.highestVersionCode = wanted.versionCode;
}

void KVXConsumeRequest(KVXBootRecord *draft, KVXIntentRecord *wanted, const KVXBootEnvironment *environment,
                       NSMutableArray *reasons) {
  if (wanted.requestId <= draft.requestId) return;
  draft.requestId = wanted.requestId;
  if ([wanted.stage length] == 0) return;
  if ([wanted.stage isEqualToString:@"embedded"]) goEmbedded(draft, wanted, reasons);
  else if ([wanted.stage isEqualToString:draft.currentSha256Hex]) renumber(draft, wanted, environment, reasons);
  else stage(draft, wanted, environment, reasons);
}
