#import "KVXInstallationId.h"

#import "KVXDirectoryRecordFiles.h"

#include <fcntl.h>
#include <unistd.h>

static NSString *const FILE_NAME = @"installation";
enum { ID_BYTES = 16 };

NSData *KVXRandomBytes(NSUInteger length) {
  NSMutableData *out = [NSMutableData dataWithLength:length];
#ifdef __APPLE__
  arc4random_buf([out mutableBytes], length);
  return out;
#else
  int descriptor = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return nil;
  ssize_t count = read(descriptor, [out mutableBytes], length);
  close(descriptor);
  return count == (ssize_t)length ? out : nil;
#endif
}

NSString *KVXInstallationId(NSString *directory) {
  KVXDirectoryRecordFiles *files = [[[KVXDirectoryRecordFiles alloc] initWithDirectory:directory] autorelease];
  KVXSlotReading *found = [files read:FILE_NAME];
  if (found.kind == KVXSlotRecord && [found.record length] == 2 * ID_BYTES)
    return [[[NSString alloc] initWithData:found.record encoding:NSASCIIStringEncoding] autorelease];
  const unsigned char *bytes = [KVXRandomBytes(ID_BYTES) bytes];
  NSMutableString *made = [NSMutableString string];
  for (int i = 0; bytes != NULL && i < ID_BYTES; i++) [made appendFormat:@"%02x", bytes[i]];
  // A full disk keeps it from being kept; the next start tries again.
  if (found.kind != KVXSlotLocked) [files writeDurable:FILE_NAME data:[made dataUsingEncoding:NSASCIIStringEncoding]];
  return made;
}
