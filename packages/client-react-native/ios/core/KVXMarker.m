#import "KVXMarker.h"

#import "KVXFields.h"

NSString *const KVXMarkerCrash = @"crash";
NSString *const KVXMarkerTimeout = @"timeout";
NSString *const KVXMarkerBackground = @"bg";

NSString *KVXMarkerName(NSString *kind, long long launchId) {
  return [NSString stringWithFormat:@"%@.%lld", kind, launchId];
}

@implementation KVXMarker
@synthesize kind = _kind;
@synthesize launchId = _launchId;

+ (KVXMarker *)markerNamed:(NSString *)name {
  NSString *kinds[3] = {KVXMarkerCrash, KVXMarkerTimeout, KVXMarkerBackground};
  for (int i = 0; i < 3; i++) {
    NSString *start = [kinds[i] stringByAppendingString:@"."];
    if (![name hasPrefix:start]) continue;
    long long launchId = KVXParseInteger([name substringFromIndex:[start length]]);
    if (launchId <= 0) return nil;
    KVXMarker *out = [[[self alloc] init] autorelease];
    out->_kind = [kinds[i] copy];
    out->_launchId = launchId;
    return out;
  }
  return nil;
}

- (NSString *)name {
  return KVXMarkerName(_kind, _launchId);
}

- (void)dealloc {
  [_kind release];
  [super dealloc];
}
@end
