#import "KVXBootRunner.h"

#import "KVXBootDecider.h"
#import "KVXBootRecordCodec.h"
#import "KVXMarker.h"

KVXSlotReading *KVXReadSlot(id<KVXRecordFiles> files, NSString *name, KVXSlotReading *(*parse)(NSData *)) {
  KVXSlotReading *found = [files read:name];
  return found.kind == KVXSlotRecord ? parse(found.record) : found;
}

static NSArray *readMarkers(id<KVXRecordFiles> files) {
  NSArray *names = [files list];
  if (names == nil) return nil;
  NSMutableArray *markers = [NSMutableArray array];
  for (NSString *name in names) {
    KVXMarker *marker = [KVXMarker markerNamed:name];
    if (marker != nil) [markers addObject:marker];
  }
  return markers;
}

static KVXBootDecision *boot(id<KVXRecordFiles> files, KVXBootEnvironment environment) {
  KVXBootInput input;
  for (int i = 0; i < 2; i++) {
    input.boot[i] = KVXReadSlot(files, KVXBootSlots[i], KVXReadBootRecord);
    input.intent[i] = KVXReadSlot(files, KVXIntentSlots[i], KVXReadIntentRecord);
  }
  input.markers = readMarkers(files);
  input.environment = environment;
  KVXBootDecision *decision = KVXDecideBoot(&input);
  if (decision.record == nil) return decision;
  NSData *data = KVXWriteBootRecord(decision.record);
  if (data == nil || ![files writeDurable:decision.slot data:data]) return KVXDecideWithoutWrite(&input, decision);
  // One that stays speaks of a launch that is settled; the next boot tries again.
  for (NSString *name in decision.deletes) [files remove:name];
  return decision;
}

KVXBootDecision *KVXRunBoot(id<KVXRecordFiles> files, KVXBootEnvironment environment) {
  NSAutoreleasePool *pool = [[NSAutoreleasePool alloc] init];
  KVXBootDecision *decision = nil;
  @try {
    decision = [boot(files, environment) retain];
  } @catch (NSException *hostIsBroken) {
    decision = [[KVXBootDecision embedded:@"host-error"] retain];
  }
  [pool release];
  return [decision autorelease];
}
