#import "KVXBootSnapshot.h"

#import "KVXBootInput.h"
#import "KVXFailedBundle.h"

static NSNumber *number(long long value) { return [NSNumber numberWithLongLong:value]; }

static NSArray *failedOf(KVXBootRecord *record) {
  NSMutableArray *out = [NSMutableArray array];
  for (KVXFailedBundle *one in record.failed) {
    [out addObject:[NSDictionary dictionaryWithObjectsAndKeys:one.sha256Hex, @"sha256Hex",
                                                              one.byCrash ? @"crash" : @"unknown", @"cause",
                                                              number(one.retryToken), @"retryToken", nil]];
  }
  return out;
}

static NSArray *reasonsOf(KVXBootDecision *launched) {
  NSMutableArray *out = [NSMutableArray array];
  for (KVXBootReason *one in launched.reasons) {
    NSMutableDictionary *reason = [NSMutableDictionary dictionaryWithObject:one.code forKey:@"code"];
    if ([one.sha256Hex length] > 0) [reason setObject:one.sha256Hex forKey:@"sha256Hex"];
    [out addObject:reason];
  }
  return out;
}

/** Of both slots: when one turns out torn at the next boot, the other one counts. */
static NSArray *keepOf(KVXSlotReading *const boot[2]) {
  NSMutableArray *out = [NSMutableArray array];
  for (int i = 0; i < 2; i++) {
    if (boot[i].kind != KVXSlotRecord) continue;
    KVXBootRecord *record = boot[i].record;
    NSString *hashes[3] = {record.currentSha256Hex, record.goodSha256Hex, record.previousSha256Hex};
    for (int j = 0; j < 3; j++)
      if ([hashes[j] length] > 0) [out addObject:hashes[j]];
  }
  return out;
}

NSDictionary *KVXBootSnapshot(KVXBootDecision *launched, NSString *binaryId, long long embeddedVersionCode,
                              KVXSlotReading *const boot[2]) {
  int newest = KVXNewestBoot(boot);
  KVXBootRecord *record = newest < 0 ? [KVXBootRecord emptyWithBinaryId:binaryId embeddedVersionCode:embeddedVersionCode]
                                     : boot[newest].record;
  long long highest = MAX(MAX(record.highestVersionCode, record.rejectUpTo), embeddedVersionCode);
  BOOL isEmbedded = [launched.sha256Hex length] == 0;
  NSMutableDictionary *out = [NSMutableDictionary dictionary];
  [out setObject:isEmbedded ? @"embedded" : launched.sha256Hex forKey:@"running"];
  [out setObject:number(isEmbedded ? embeddedVersionCode : launched.versionCode) forKey:@"versionCode"];
  if (launched.launchId > 0) [out setObject:number(launched.launchId) forKey:@"launchId"];
  [out setObject:[NSNumber numberWithBool:launched.pending] forKey:@"pending"];
  [out setObject:number(highest) forKey:@"highestVersionCode"];
  [out setObject:failedOf(record) forKey:@"failed"];
  [out setObject:number(record.requestId) forKey:@"consumedRequestId"];
  [out setObject:binaryId forKey:@"binaryId"];
  [out setObject:keepOf(boot) forKey:@"keep"];
  [out setObject:reasonsOf(launched) forKey:@"reasons"];
  return out;
}
