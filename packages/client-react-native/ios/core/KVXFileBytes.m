#import "KVXFileBytes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

BOOL KVXWriteAll(int descriptor, const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t count = write(descriptor, at, length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return NO;
    at += count;
    length -= (size_t)count;
  }
  return YES;
}

NSData *KVXReadPart(int descriptor, long long offset, NSUInteger length) {
  NSMutableData *out = [NSMutableData dataWithLength:length];
  NSUInteger filled = 0;
  while (filled < length) {
    ssize_t count = pread(descriptor, (char *)[out mutableBytes] + filled, length - filled, (off_t)offset + (off_t)filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return nil;
    if (count == 0) break;
    filled += (NSUInteger)count;
  }
  [out setLength:filled];
  return out;
}

NSArray *KVXNamesIn(const char *path) {
  DIR *folder = opendir(path);
  if (folder == NULL) return nil;
  NSMutableArray *names = [NSMutableArray array];
  struct dirent *entry;
  // The end and a failure look alike but for errno.
  while (errno = 0, (entry = readdir(folder)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    NSString *name = [NSString stringWithUTF8String:entry->d_name];
    if (name != nil) [names addObject:name];
  }
  int failure = errno;
  closedir(folder);
  errno = failure;
  return failure == 0 ? names : nil;
}

BOOL KVXFlush(int descriptor) {
#ifdef F_FULLFSYNC
  // Apple's fsync stops at the drive's cache. Some file systems refuse this one; then fsync is all there is.
  if (fcntl(descriptor, F_FULLFSYNC) == 0) return YES;
#endif
  return fsync(descriptor) == 0;
}
