#import "KVXDirectoryRecordFiles.h"

#import "KVXLimits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

BOOL KVXFlush(int descriptor) {
#ifdef F_FULLFSYNC
  // Apple's fsync stops at the drive's cache. Some file systems refuse this one; then fsync is all there is.
  if (fcntl(descriptor, F_FULLFSYNC) == 0) return YES;
#endif
  return fsync(descriptor) == 0;
}

static BOOL writeAll(int descriptor, NSData *data) {
  const char *at = [data bytes];
  size_t left = [data length];
  while (left > 0) {
    ssize_t count = write(descriptor, at, left);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return NO;
    at += count;
    left -= (size_t)count;
  }
  return YES;
}

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
  char buffer[KVX_RECORD_MAX_BYTES + 1];
  size_t length = 0;
  ssize_t count = 1;
  while (length < sizeof buffer && count != 0) {
    count = read(descriptor, buffer + length, sizeof buffer - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) break;
    length += (size_t)count;
  }
  close(descriptor);
  if (count < 0) return [KVXSlotReading locked];
  return [KVXSlotReading recordReading:[NSData dataWithBytes:buffer length:length]];
}

- (BOOL)writeDurable:(NSString *)name data:(NSData *)data {
  NSString *temporary = [name stringByAppendingString:@".new"];
  int descriptor = open([self path:temporary], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return NO;
  BOOL written = writeAll(descriptor, data) && KVXFlush(descriptor);
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
  DIR *folder = opendir([_directory fileSystemRepresentation]);
  if (folder == NULL) return errno == ENOENT ? [NSArray array] : nil;
  NSMutableArray *names = [NSMutableArray array];
  struct dirent *entry;
  errno = 0;
  while ((entry = readdir(folder)) != NULL) {
    // A name that is no UTF-8 is none of ours.
    NSString *name = [NSString stringWithUTF8String:entry->d_name];
    if (name != nil) [names addObject:name];
    errno = 0;
  }
  BOOL complete = errno == 0;
  closedir(folder);
  return complete ? names : nil;
}
@end
