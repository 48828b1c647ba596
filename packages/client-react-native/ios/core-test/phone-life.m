#import "phone-life.h"

#import "KVXBootInput.h"
#import "KVXIntentRecord.h"
#import "KVXMarker.h"

#include <stdlib.h>

static KVXIntentRecord *newestIntent(id<KVXRecordFiles> files) {
  KVXSlotReading *slots[2];
  for (int i = 0; i < 2; i++) {
    slots[i] = [files read:KVXIntentSlots[i]];
    if (slots[i].record != nil) slots[i] = KVXReadIntentRecord(slots[i].record);
  }
  return KVXWanted(slots);
}

static void writeIntent(id<KVXRecordFiles> files, KVXIntentRecord *intent) {
  intent.sequence = intent.sequence + 1;
  [files writeDurable:KVXIntentSlots[intent.sequence % 2] data:KVXWriteIntentRecord(intent)];
}

static void ask(NSString *binaryId, NSArray *bundles, id<KVXRecordFiles> files, KVXBootDecision *decision) {
  KVXIntentRecord *intent = newestIntent(files);
  long long consumed = decision.record.requestId;
  long long highest = decision.record.highestVersionCode;
  intent.requestId = (consumed > intent.requestId ? consumed : intent.requestId) + 1;
  intent.directive = rand() % 8 == 0;
  NSUInteger which = (NSUInteger)rand() % [bundles count];
  intent.stage = intent.directive && rand() % 2 == 0 ? @"embedded" : [bundles objectAtIndex:which];
  intent.versionCode = (highest > intent.versionCode ? highest : intent.versionCode) + 1;
  intent.retryToken = intent.versionCode;
  intent.binaryId = binaryId;
  writeIntent(files, intent);
}

static void leave(id<KVXRecordFiles> files, NSString *kind, long long launchId) {
  if (launchId > 0) [files writeDurable:KVXMarkerName(kind, launchId) data:[NSData dataWithBytes:"1" length:1]];
}

void PhoneLive(NSString *directory, NSString *binaryId, id<KVXRecordFiles> files, KVXBootDecision *decision) {
  NSString *folder = [directory stringByAppendingPathComponent:@"bundles"];
  NSArray *bundles = [[NSFileManager defaultManager] contentsOfDirectoryAtPath:folder error:NULL];
  int event = rand() % 10;
  if (event <= 2 && decision.launchId > 0) {
    KVXIntentRecord *intent = newestIntent(files);
    intent.acknowledgedLaunchId = decision.launchId;
    writeIntent(files, intent);
  } else if (event == 3) leave(files, KVXMarkerCrash, decision.launchId);
  else if (event == 4) leave(files, KVXMarkerBackground, decision.launchId);
  else if (event == 5) leave(files, KVXMarkerTimeout, decision.launchId);
  else if (event > 5 && event <= 8 && [bundles count] > 0) ask(binaryId, bundles, files, decision);
}
