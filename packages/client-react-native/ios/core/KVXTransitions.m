#import "KVXTransitions.h"

#import "KVXFailedList.h"

void KVXSetCurrent(KVXBootRecord *draft, NSString *sha256Hex, long long versionCode, NSString *state) {
  draft.currentSha256Hex = sha256Hex;
  draft.currentVersionCode = versionCode;
  draft.currentState = state;
  draft.currentRetryToken = 0;
  KVXClearCounters(draft);
}

void KVXSetGood(KVXBootRecord *draft, NSString *sha256Hex, long long versionCode) {
  draft.goodSha256Hex = sha256Hex;
  draft.goodVersionCode = versionCode;
}

void KVXSetPrevious(KVXBootRecord *draft, NSString *sha256Hex, long long versionCode) {
  draft.previousSha256Hex = sha256Hex;
  draft.previousVersionCode = versionCode;
}

void KVXClearCounters(KVXBootRecord *draft) {
  draft.crashes = 0;
  draft.unknowns = 0;
  draft.neutrals = 0;
}

static BOOL isUnusable(KVXBootRecord *draft, NSString *sha256Hex, NSString *left) {
  return [sha256Hex isEqualToString:left] || KVXFindFailed(draft.failed, sha256Hex) != nil;
}

void KVXLeaveCurrent(KVXBootRecord *draft) {
  NSString *left = [[draft.currentSha256Hex retain] autorelease];
  if (isUnusable(draft, draft.previousSha256Hex, left)) KVXSetPrevious(draft, @"", 0);
  if ([draft.goodSha256Hex length] == 0 || isUnusable(draft, draft.goodSha256Hex, left)) {
    KVXSetGood(draft, draft.previousSha256Hex, draft.previousVersionCode);
    KVXSetPrevious(draft, @"", 0);
  }
  NSString *state = [draft.goodSha256Hex length] == 0 ? @"" : @"H";
  KVXSetCurrent(draft, draft.goodSha256Hex, draft.goodVersionCode, state);
}
