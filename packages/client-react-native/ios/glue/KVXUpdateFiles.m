#import "KVXUpdateFiles.h"

#import "KVXFileBytes.h"
#import "KVXSha256.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

NSString *const KVXErrorDomain = @"org.kivyx.ota";

NSError *KVXError(NSString *message) {
  NSDictionary *info = [NSDictionary dictionaryWithObject:message forKey:NSLocalizedDescriptionKey];
  return [NSError errorWithDomain:KVXErrorDomain code:1 userInfo:info];
}

/** What a system call that failed last says. */
static BOOL fail(NSError **error, NSString *what) {
  if (error != NULL) *error = KVXError([NSString stringWithFormat:@"Could not %@: %s", what, strerror(errno)]);
  return NO;
}

static BOOL isFile(const char *path, long long *size) {
  struct stat found;
  if (stat(path, &found) != 0 || !S_ISREG(found.st_mode)) return NO;
  if (size != NULL) *size = (long long)found.st_size;
  return YES;
}

NSData *KVXReadFilePart(NSString *path, long long offset, NSUInteger length) {
  int descriptor = open([path fileSystemRepresentation], O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return nil;
  NSData *part = KVXReadPart(descriptor, offset, length);
  int failure = errno;
  close(descriptor);
  errno = failure;
  return part;
}

/** Flushes to the drive; what a drive keeps back is flushed once, at the end, by KVXFlush. */
static BOOL syncPath(const char *path) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return NO;
  BOOL synced = fsync(descriptor) == 0;
  close(descriptor);
  return synced;
}

/** Names in a folder; none for what is no folder, nil when it cannot be listed. */
static NSArray *entriesOf(NSString *path) {
  NSArray *names = KVXNamesIn([path fileSystemRepresentation]);
  return names == nil && (errno == ENOTDIR || errno == ENOENT) ? [NSArray array] : names;
}

static BOOL syncTree(NSString *path) {
  NSArray *names = entriesOf(path);
  if (names == nil) return NO;
  for (NSString *name in names)
    if (!syncTree([path stringByAppendingFormat:@"/%@", name])) return NO;
  return syncPath([path fileSystemRepresentation]);
}

static BOOL removeTree(NSString *path) {
  const char *name = [path fileSystemRepresentation];
  struct stat found;
  // Of a link, not of what it leads to.
  if (lstat(name, &found) != 0) return errno == ENOENT || errno == ENOTDIR;
  if (!S_ISDIR(found.st_mode)) return unlink(name) == 0;
  for (NSString *entry in entriesOf(path))
    if (!removeTree([path stringByAppendingFormat:@"/%@", entry])) return NO;
  return rmdir(name) == 0;
}

@implementation KVXUpdateFiles
- (id)initWithDirectory:(NSString *)directory {
  self = [super init];
  if (self != nil) _directory = [directory copy];
  return self;
}

- (void)dealloc {
  [_directory release];
  [super dealloc];
}

- (NSString *)at:(NSString *)path error:(NSError **)error {
  for (NSString *segment in [path componentsSeparatedByString:@"/"]) {
    if ([segment length] > 0 && ![segment isEqualToString:@"."] && ![segment isEqualToString:@".."]) continue;
    if (error != NULL) *error = KVXError([NSString stringWithFormat:@"\"%@\" is no relative path", path]);
    return nil;
  }
  return [_directory stringByAppendingFormat:@"/%@", path];
}

- (NSString *)withFolder:(NSString *)path error:(NSError **)error {
  NSString *full = [self at:path error:error];
  if (full == nil) return nil;
  BOOL made = [[NSFileManager defaultManager] createDirectoryAtPath:[full stringByDeletingLastPathComponent]
                                        withIntermediateDirectories:YES
                                                         attributes:nil
                                                              error:error];
  return made ? full : nil;
}

- (long long)sizeOf:(NSString *)path error:(NSError **)error {
  NSString *full = [self at:path error:error];
  if (full == nil) return -2;
  long long size = -1;
  return isFile([full fileSystemRepresentation], &size) ? size : -1;
}

- (NSData *)readPart:(NSString *)path
              offset:(long long)offset
              length:(NSUInteger)length
               error:(NSError **)error {
  NSString *full = [self at:path error:error];
  if (full == nil || !isFile([full fileSystemRepresentation], NULL)) return nil;
  NSData *part = KVXReadFilePart(full, offset, length);
  if (part == nil) fail(error, [@"read " stringByAppendingString:path]);
  return part;
}

/** The name means the old bytes until all new ones, of `data` or of the open file `source`, are on the disk. */
- (BOOL)replace:(NSString *)full data:(NSData *)data from:(int)source error:(NSError **)error {
  NSString *beside = [full stringByAppendingString:@".new"];
  const char *name = [beside fileSystemRepresentation];
  int descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail(error, [@"make " stringByAppendingString:beside]);
  BOOL written = data == nil || KVXWriteAll(descriptor, [data bytes], [data length]);
  if (source >= 0) {
    char chunk[64 * 1024];
    ssize_t count;
    do {
      count = read(source, chunk, sizeof chunk);
      if (count > 0) written = KVXWriteAll(descriptor, chunk, (size_t)count);
    } while (written && (count > 0 || (count < 0 && errno == EINTR)));
    written = written && count == 0;
  }
  written = written && fsync(descriptor) == 0;
  if (close(descriptor) == 0 && written && rename(name, [full fileSystemRepresentation]) == 0) return YES;
  fail(error, [@"write " stringByAppendingString:full]);
  unlink(name);
  return NO;
}

- (BOOL)write:(NSString *)path data:(NSData *)data error:(NSError **)error {
  NSString *full = [self withFolder:path error:error];
  return full != nil && [self replace:full data:data from:-1 error:error];
}

- (BOOL)append:(NSString *)path data:(NSData *)data error:(NSError **)error {
  NSString *full = [self withFolder:path error:error];
  if (full == nil) return NO;
  int descriptor = open([full fileSystemRepresentation], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return fail(error, [@"open " stringByAppendingString:path]);
  BOOL written = KVXWriteAll(descriptor, [data bytes], [data length]);
  if (close(descriptor) == 0 && written) return YES;
  return fail(error, [@"write " stringByAppendingString:path]);
}

- (NSString *)sha256File:(NSString *)path error:(NSError **)error {
  NSString *full = [self at:path error:error];
  if (full == nil || !isFile([full fileSystemRepresentation], NULL)) return nil;
  NSString *hash = KVXSha256OfFile(full);
  if (hash == nil) fail(error, [@"read " stringByAppendingString:path]);
  return hash;
}

- (BOOL)link:(NSString *)from to:(NSString *)to error:(NSError **)error {
  NSString *source = [self at:from error:error];
  NSString *target = source == nil ? nil : [self withFolder:to error:error];
  if (target == nil) return NO;
  if (link([source fileSystemRepresentation], [target fileSystemRepresentation]) == 0) return YES;
  return [self copy:source to:to error:error];
}

- (BOOL)copy:(NSString *)from to:(NSString *)to error:(NSError **)error {
  NSString *target = [self withFolder:to error:error];
  if (target == nil) return NO;
  int source = open([from fileSystemRepresentation], O_RDONLY | O_CLOEXEC);
  if (source < 0) return fail(error, [@"open " stringByAppendingString:from]);
  BOOL copied = [self replace:target data:nil from:source error:error];
  close(source);
  return copied;
}

- (BOOL)rename:(NSString *)from to:(NSString *)to error:(NSError **)error {
  NSString *source = [self at:from error:error];
  if (source == nil) return NO;
  if (!syncTree(source)) return fail(error, [@"flush " stringByAppendingString:from]);
  NSString *target = [self withFolder:to error:error];
  if (target == nil) return NO;
  if (rename([source fileSystemRepresentation], [target fileSystemRepresentation]) != 0)
    return fail(error, [NSString stringWithFormat:@"move %@ to %@", from, to]);
  int folder = open([[target stringByDeletingLastPathComponent] fileSystemRepresentation], O_RDONLY | O_CLOEXEC);
  BOOL flushed = folder >= 0 && KVXFlush(folder);
  if (folder >= 0) close(folder);
  return flushed || fail(error, [@"flush " stringByAppendingString:to]);
}

- (BOOL)remove:(NSString *)path error:(NSError **)error {
  NSString *full = [self at:path error:error];
  if (full == nil) return NO;
  return removeTree(full) || fail(error, [@"remove " stringByAppendingString:path]);
}

- (long long)freeBytes {
#ifdef __APPLE__
  // What the system could clear for something that the user waits for: it empties caches for that.
  NSDictionary *found = [[NSURL fileURLWithPath:_directory] resourceValuesForKeys:@[ NSURLVolumeAvailableCapacityForImportantUsageKey ]
                                                                            error:NULL];
  NSNumber *capacity = [found objectForKey:NSURLVolumeAvailableCapacityForImportantUsageKey];
  if (capacity != nil && [capacity longLongValue] > 0) return [capacity longLongValue];
#endif
  struct statvfs volume;
  if (statvfs([_directory fileSystemRepresentation], &volume) != 0) return -1;
  return (long long)volume.f_bavail * (long long)volume.f_frsize;
}

- (NSArray *)list:(NSString *)path error:(NSError **)error {
  NSString *full = [self at:path error:error];
  if (full == nil) return nil;
  NSArray *names = entriesOf(full);
  if (names == nil) fail(error, [@"list " stringByAppendingString:path]);
  return names;
}
@end
