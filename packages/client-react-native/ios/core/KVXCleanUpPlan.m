#import "KVXCleanUpPlan.h"

#import "KVXBootRecord.h"
#import "KVXIntentRecord.h"

static BOOL isUnreadable(KVXSlotReading *slot) {
  return slot.kind == KVXSlotLocked || slot.kind == KVXSlotNewer;
}

NSArray *KVXRemovableBundles(KVXSlotReading *const boot[2], KVXSlotReading *const intent[2], NSArray *bundles,
                             NSArray *inUse) {
  NSMutableSet *needed = [NSMutableSet setWithArray:inUse];
  BOOL known = NO;
  for (int i = 0; i < 2; i++) {
    if (isUnreadable(boot[i]) || isUnreadable(intent[i])) return [NSArray array];
    if (intent[i].record != nil) [needed addObject:[(KVXIntentRecord *)intent[i].record stage]];
    if (boot[i].record == nil) continue;
    KVXBootRecord *record = boot[i].record;
    known = YES;
    [needed addObject:record.currentSha256Hex];
    [needed addObject:record.goodSha256Hex];
    [needed addObject:record.previousSha256Hex];
    [needed addObject:record.launchSha256Hex];
  }
  NSMutableArray *out = [NSMutableArray array];
  if (!known) return out;
  for (NSString *name in bundles) {
    if (![needed containsObject:name]) [out addObject:name];
  }
  return out;
}
