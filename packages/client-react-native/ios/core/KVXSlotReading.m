#import "KVXSlotReading.h"

@implementation KVXSlotReading
@synthesize kind = _kind;
@synthesize record = _record;
@synthesize detail = _detail;

- (id)initWithKind:(KVXSlotKind)kind record:(id)record detail:(NSString *)detail {
  self = [super init];
  if (self != nil) {
    _kind = kind;
    _record = [record retain];
    _detail = [detail copy];
  }
  return self;
}

- (void)dealloc {
  [_record release];
  [_detail release];
  [super dealloc];
}

+ (KVXSlotReading *)absent {
  return [[[self alloc] initWithKind:KVXSlotAbsent record:nil detail:@""] autorelease];
}

+ (KVXSlotReading *)locked {
  return [[[self alloc] initWithKind:KVXSlotLocked record:nil detail:@""] autorelease];
}

+ (KVXSlotReading *)recordReading:(id)record {
  return [[[self alloc] initWithKind:KVXSlotRecord record:record detail:@""] autorelease];
}

+ (KVXSlotReading *)corrupt:(NSString *)why {
  return [[[self alloc] initWithKind:KVXSlotCorrupt record:nil detail:why] autorelease];
}

+ (KVXSlotReading *)newerSchema:(NSString *)version {
  return [[[self alloc] initWithKind:KVXSlotNewer record:nil detail:version] autorelease];
}
@end
