#import "KVXBundleFolders.h"

#import "KVXSha256.h"

@implementation KVXBundleFolders
- (id)initWithDirectory:(NSString *)directory {
  self = [super init];
  if (self != nil) _directory = [directory copy];
  return self;
}

- (void)dealloc {
  [_directory release];
  [super dealloc];
}

- (NSString *)launchFile:(NSString *)sha256Hex {
  return [_directory stringByAppendingPathComponent:[NSString stringWithFormat:@"bundles/%@/launch.bundle",
                                                                               sha256Hex]];
}

- (BOOL)isIntact:(NSString *)sha256Hex {
  return KVXIsSha256Hex(sha256Hex) && [KVXSha256OfFile([self launchFile:sha256Hex]) isEqualToString:sha256Hex];
}
@end
