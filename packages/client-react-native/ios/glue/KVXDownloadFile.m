#import "KVXDownloadFile.h"

#import "KVXFileBytes.h"
#import "KVXUpdateFiles.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

NSString *const KVXErrorCodeKey = @"KVXErrorCode";

NSError *KVXCodedError(NSString *code, NSString *message) {
  NSDictionary *info = [NSDictionary
      dictionaryWithObjectsAndKeys:message, NSLocalizedDescriptionKey, code, KVXErrorCodeKey, nil];
  return [NSError errorWithDomain:KVXErrorDomain code:1 userInfo:info];
}

NSString *KVXErrorCode(NSError *error, NSString *otherwise) {
  NSString *code = [[error userInfo] objectForKey:KVXErrorCodeKey];
  return code == nil ? otherwise : code;
}

static const int CLOSED = -1;

@implementation KVXDownloadFile
- (id)initWithPath:(NSString *)path offset:(long long)offset maxSizeBytes:(long long)maxSizeBytes {
  self = [super init];
  if (self != nil) {
    _path = [path copy];
    _offset = offset;
    _maxSizeBytes = maxSizeBytes;
    _descriptor = CLOSED;
    _promised = -1;
  }
  return self;
}

- (void)dealloc {
  if (_descriptor != CLOSED) close(_descriptor);
  [_path release];
  [super dealloc];
}

- (BOOL)fail:(NSError **)error code:(NSString *)code message:(NSString *)message {
  if (error != NULL) *error = KVXCodedError(code, message);
  return NO;
}

- (BOOL)failByDisk:(NSError **)error {
  return [self fail:error code:@"ERR_CLIENT_STORAGE" message:[NSString stringWithUTF8String:strerror(errno)]];
}

- (BOOL)failBySize:(NSError **)error {
  return [self fail:error
               code:@"ERR_CLIENT_TOO_LARGE"
            message:[NSString stringWithFormat:@"More than %lld bytes", _maxSizeBytes]];
}

- (BOOL)begin:(NSInteger)status
 contentRange:(NSString *)contentRange
     promised:(long long)promised
        error:(NSError **)error {
  if (status != 200 && status != 206) return NO;
  long long start = status == 206 ? _offset : 0;
  if (promised >= 0 && start + promised > _maxSizeBytes) return [self failBySize:error];
  NSString *wanted = [NSString stringWithFormat:@"bytes %lld-", start];
  if (start > 0 && ![contentRange hasPrefix:wanted])
    return [self fail:error
                 code:@"ERR_CLIENT_NETWORK"
              message:[NSString stringWithFormat:@"Another part came than from byte %lld", start]];
  _descriptor = open([_path fileSystemRepresentation], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  struct stat found;
  if (_descriptor == CLOSED || fstat(_descriptor, &found) != 0) return [self failByDisk:error];
  if ((long long)found.st_size < start)
    return [self fail:error
                 code:@"ERR_CLIENT_STORAGE"
              message:[NSString stringWithFormat:@"Fewer than %lld bytes are there", start]];
  if (ftruncate(_descriptor, (off_t)start) != 0 || lseek(_descriptor, (off_t)start, SEEK_SET) < 0)
    return [self failByDisk:error];
  _size = start;
  _promised = promised < 0 ? -1 : start + promised;
  return YES;
}

- (BOOL)take:(const void *)bytes length:(size_t)length error:(NSError **)error {
  if (_size + (long long)length > _maxSizeBytes) return [self failBySize:error];
  if (!KVXWriteAll(_descriptor, bytes, length)) return [self failByDisk:error];
  _size += (long long)length;
  return YES;
}

- (long long)size {
  return _size;
}

- (BOOL)end:(NSError **)error {
  if (_promised < 0 || _size >= _promised) return YES;
  return [self fail:error
               code:@"ERR_CLIENT_NETWORK"
            message:[NSString stringWithFormat:@"The body ended after %lld of %lld bytes", _size, _promised]];
}
@end
