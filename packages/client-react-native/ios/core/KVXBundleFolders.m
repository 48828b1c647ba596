#import "KVXBundleFolders.h"

#import "KVXSha256.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

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
  if (!KVXIsSha256Hex(sha256Hex)) return NO;
  int descriptor = open([[self launchFile:sha256Hex] fileSystemRepresentation], O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return NO;
  KVXSha256Context context;
  KVXSha256Init(&context);
  char chunk[64 * 1024];
  ssize_t count;
  do {
    count = read(descriptor, chunk, sizeof chunk);
    if (count > 0) KVXSha256Update(&context, chunk, (size_t)count);
  } while (count > 0 || (count < 0 && errno == EINTR));
  close(descriptor);
  return count == 0 && [KVXSha256Finish(&context) isEqualToString:sha256Hex];
}
@end
