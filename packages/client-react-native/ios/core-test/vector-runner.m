// Runs every vector and prints how many outcomes are equal. Exit code 1 when one is not.
#import "KVXBootRecordCodec.h"
#import "KVXBootRunner.h"
#import "KVXCleanUpPlan.h"
#import "KVXIntentRecord.h"
#import "KVXMarker.h"
#import "vector-files.h"
#import "vector-lines.h"

#import <Foundation/NSDebug.h>

#include <stdio.h>

static VectorLines *in;
static NSMutableDictionary *contents;
static NSCountedSet *equal;
static int unequal;

static void check(NSString *kind, NSString *name, NSString *expected, NSString *found) {
  if ([expected isEqualToString:found]) {
    [equal addObject:kind];
    return;
  }
  unequal++;
  printf("UNEQUAL %s %s\n  expected %s\n  found    %s\n", [kind UTF8String], [name UTF8String],
         [expected UTF8String], [found UTF8String]);
}

static NSString *list(NSArray *words) { return [words componentsJoinedByString:@", "]; }

static void runRecord(void) {
  NSData *data = [contents objectForKey:[in word:3]];
  BOOL isBoot = [[in word:2] isEqualToString:@"boot"];
  KVXSlotReading *found = isBoot ? KVXReadBootRecord(data) : KVXReadIntentRecord(data);
  NSData *again = data;
  if (found.record != nil) again = isBoot ? KVXWriteBootRecord(found.record) : KVXWriteIntentRecord(found.record);
  NSString *kind = found.kind == KVXSlotRecord ? @"record" : found.kind == KVXSlotCorrupt ? @"corrupt" : @"newer";
  NSString *same = [again isEqualToData:data] ? @"" : @" (written otherwise)";
  check(@"record", [in word:1], [NSString stringWithFormat:@"%@ %@", [in word:4], [in word:5]],
        [NSString stringWithFormat:@"%@ %@%@", kind, found.detail, same]);
}

static void runMarker(void) {
  KVXMarker *marker = [KVXMarker markerNamed:[in word:1]];
  NSString *found = marker == nil ? @" 0" : [NSString stringWithFormat:@"%@ %lld", marker.kind, marker.launchId];
  check(@"marker", [in word:1], [NSString stringWithFormat:@"%@ %@", [in word:2], [in word:3]], found);
}

static KVXSlotReading *slot(NSString *reference) {
  if ([reference isEqualToString:@"absent"]) return [KVXSlotReading absent];
  if ([reference isEqualToString:@"locked"]) return [KVXSlotReading locked];
  return [KVXSlotReading recordReading:[contents objectForKey:reference]];
}

/** The four slots of a line `slots`, under their names. */
static NSDictionary *readSlots(void) {
  [in expect:@"slots"];
  NSMutableDictionary *out = [NSMutableDictionary dictionary];
  for (int i = 0; i < 2; i++) {
    [out setObject:slot([in word:(NSUInteger)(1 + i)]) forKey:KVXBootSlots[i]];
    [out setObject:slot([in word:(NSUInteger)(3 + i)]) forKey:KVXIntentSlots[i]];
  }
  return out;
}

static VectorFiles *newFiles(NSDictionary *slots, NSArray *names, NSArray *intact, BOOL writeFails) {
  VectorFiles *files = [VectorFiles files];
  [files->slots addEntriesFromDictionary:slots];
  files->names = [names retain];
  files->intact = [intact retain];
  files->writeFails = writeFails;
  return files;
}

static NSString *text(KVXBootDecision *decision) {
  NSMutableArray *reasons = [NSMutableArray array];
  for (KVXBootReason *one in decision.reasons)
    [reasons addObject:[NSString stringWithFormat:@"%@:%@", one.code, one.sha256Hex]];
  NSString *what = @"embedded";
  if ([decision.sha256Hex length] > 0)
    what = [NSString stringWithFormat:@"bundle %@ %lld %d %lld", decision.sha256Hex, decision.versionCode,
                                      decision.pending ? 1 : 0, decision.launchId];
  return [NSString stringWithFormat:@"%@ deletes %@ reasons %@", what, list(decision.deletes), list(reasons)];
}

/** The lines launch, deletes and reasons, as text() writes a decision. */
static NSString *readExpected(void) {
  [in expect:@"launch"];
  NSMutableArray *launch = [NSMutableArray array];
  for (NSUInteger i = 1; i < [in count]; i++) [launch addObject:[in word:i]];
  [in expect:@"deletes"];
  NSArray *deletes = [in list];
  [in expect:@"reasons"];
  return [NSString stringWithFormat:@"%@ deletes %@ reasons %@", [launch componentsJoinedByString:@" "],
                                    list(deletes), list([in list])];
}

static void runBoot(NSString *name) {
  NSDictionary *slots = readSlots();
  [in expect:@"names"];
  NSArray *names = [[in word:1] isEqualToString:@"locked"] ? nil : [in list];
  [in expect:@"binary"];
  KVXBootEnvironment environment = {[in word:1], [in integer:2], NO, nil};
  [in expect:@"lock"];
  environment.lockAcquired = [in integer:1] == 1;
  [in expect:@"intact"];
  NSArray *intact = [in list];

  NSString *expected = readExpected();
  [in expect:@"write"];
  NSString *expectedSlot = [in word:1];
  NSData *expectedData = [expectedSlot length] == 0 ? [NSData data] : [contents objectForKey:[in word:2]];
  NSString *failing = expected;
  NSString *key = [in next];
  if ([key isEqualToString:@"failing"]) {
    failing = readExpected();
    key = [in next];
  }
  if (![key isEqualToString:@"end"]) check(@"boot", name, @"end", key);

  VectorFiles *files = newFiles(slots, names, intact, NO);
  environment.intact = files;
  KVXBootDecision *decision = KVXRunBoot(files, environment);
  BOOL written = [files->writtenSlot isEqualToString:expectedSlot] && [files->written isEqualToData:expectedData];
  BOOL removed = [files->removed isEqualToArray:decision.deletes];
  check(@"boot", name, expected,
        [NSString stringWithFormat:@"%@%@%@", text(decision), written ? @"" : @" (another write)",
                                   removed ? @"" : @" (removed something else)"]);
  VectorFiles *full = newFiles(slots, names, intact, YES);
  environment.intact = full;
  check(@"failing", name, failing, text(KVXRunBoot(full, environment)));
}

static void runCleanUp(NSString *name) {
  NSDictionary *slots = readSlots();
  KVXSlotReading *boot[2];
  KVXSlotReading *intent[2];
  for (int i = 0; i < 2; i++) {
    boot[i] = [slots objectForKey:KVXBootSlots[i]];
    intent[i] = [slots objectForKey:KVXIntentSlots[i]];
    if (boot[i].record != nil) boot[i] = KVXReadBootRecord(boot[i].record);
    if (intent[i].record != nil) intent[i] = KVXReadIntentRecord(intent[i].record);
  }
  [in expect:@"bundles"];
  NSArray *bundles = [in list];
  [in expect:@"in-use"];
  NSArray *inUse = [in list];
  [in expect:@"removable"];
  NSString *expected = list([in list]);
  [in expect:@"end"];
  check(@"clean-up", name, expected, list(KVXRemovableBundles(boot, intent, bundles, inUse)));
}

static int count(NSString *kind) { return (int)[equal countForObject:kind]; }

static void runAll(const char *path) {
  NSAutoreleasePool *outer = [[NSAutoreleasePool alloc] init];
  in = [[VectorLines alloc] initWithPath:path];
  contents = [[NSMutableDictionary alloc] init];
  equal = [[NSCountedSet alloc] init];
  [in expect:@"kivyx-lifecycle-vectors"];
  for (NSString *key = [in next]; key != nil; key = [in next]) {
    NSAutoreleasePool *pool = [[NSAutoreleasePool alloc] init];
    if ([key isEqualToString:@"file"]) [contents setObject:[in data:2] forKey:[in word:1]];
    else if ([key isEqualToString:@"record"]) runRecord();
    else if ([key isEqualToString:@"marker"]) runMarker();
    else if ([key isEqualToString:@"boot"]) runBoot([in word:1]);
    else if ([key isEqualToString:@"clean-up"]) runCleanUp([in word:1]);
    else check(@"line", key, @"a known line", key);
    [pool release];
  }
  printf("equal: boots %d, boots with a failing write %d, records %d, markers %d, clean-ups %d; unequal: %d\n",
         count(@"boot"), count(@"failing"), count(@"record"), count(@"marker"), count(@"clean-up"), unequal);
  [in release];
  [contents release];
  [equal release];
  [outer release];
}

/** Objects of ours, and the strings and lists they hold, that are alive. */
static int liveObjects(void) {
  int alive = 0;
  for (Class *one = GSDebugAllocationClassList(); *one != Nil; one++) alive += GSDebugAllocationCount(*one);
  return alive;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  GSDebugAllocationActive(YES);
  runAll(argv[1]);
  int first = liveObjects();
  runAll(argv[1]);
  // What the first run left for good (caches of Foundation) the second one does not leave again; what is never released, it does.
  printf("objects never released: %d\n", liveObjects() - first);
  return unequal > 0 ? 1 : 0;
}
