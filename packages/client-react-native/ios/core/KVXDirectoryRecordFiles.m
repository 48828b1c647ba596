#import "KVXDirectoryRecordFiles.h"

#import "KVXFileBytes.h"
#import "KVXLimits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

@implementation KVXDirectoryRecordFiles
- (id)initWithDirectory:(NSString *)directory {
  self = [super init];
  if (self != nil) _directory = [directory copy];
  return self;
}

- (void)dealloc {
  [_directory release];
  [super dealloc];
}

- (const char *)path:(NSString *)name {
  return [[_directory stringByAppendingPathComponent:name] fileSystemRepresentation];
}

- (KVXSlotReading *)read:(NSString *)name {
  int descriptor = open([self path:name], O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return errno == ENOENT ? [KVXSlotReading absent] : [KVXSlotReading locked];
  NSData *bytes = KVXReadPart(descriptor, 0, KVX_RECORD_MAX_BYTES + 1);
  close(descriptor);
  return bytes == nil ? [KVXSlotReading locked] : [KVXSlotReading recordReading:bytes];
}

- (BOOL)writeDurable:(NSString *)name data:(NSData *)data {
  NSString *temporary = [name stringByAppendingString:@".new"];
  int descriptor = open([self path:temporary], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return NO;
  BOOL written = KVXWriteAll(descriptor, [data bytes], [data length]) && KVXFlush(descriptor);
  if (close(descriptor) != 0 || !written) return NO;
  if (rename([self path:temporary], [self path:name]) != 0) return NO;
  int folder = open([_directory fileSystemRepresentation], O_RDONLY | O_CLOEXEC);
  if (folder < 0) return NO;
  BOOL flushed = KVXFlush(folder);
  close(folder);
  return flushed;
}

- (void)remove:(NSString *)name {
  unlink([self path:name]);
}

/** A folder that does not exist has no names; one that exists and cannot be listed is locked. */
- (NSArray *)list {
  NSArray *names = KVXNamesIn([_directory fileSystemRepresentation]);
  return names == nil && errno == ENOENT ? [NSArray array] : names;
}
@end
