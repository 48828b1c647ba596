#import "KVXExitClassifier.h"

#import "KVXMarker.h"

NSString *const KVXExitConfirmed = @"confirmed";
NSString *const KVXExitCrashed = @"crashed";
NSString *const KVXExitTimedOut = @"timed-out";
NSString *const KVXExitNeutral = @"ended-neutral";
NSString *const KVXExitUnknown = @"ended-unknown";

static BOOL has(NSArray *markers, NSString *kind, long long launchId) {
  for (KVXMarker *one in markers) {
    if (one.launchId == launchId && [one.kind isEqualToString:kind]) return YES;
  }
  return NO;
}

NSString *KVXClassifyExit(long long launchId, long long acknowledgedLaunchId, NSArray *markers) {
  if (acknowledgedLaunchId == launchId) return KVXExitConfirmed;
  if (has(markers, KVXMarkerCrash, launchId)) return KVXExitCrashed;
  if (has(markers, KVXMarkerTimeout, launchId)) return KVXExitTimedOut;
  return has(markers, KVXMarkerBackground, launchId) ? KVXExitNeutral : KVXExitUnknown;
}
