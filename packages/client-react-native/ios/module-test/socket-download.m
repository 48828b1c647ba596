// KVXDownload over a socket: Debian's Foundation has no NSURLSession. What happens to the file is the real code.
#import "KVXDownload.h"

#include <Block.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { HEAD_BYTES = 16384, CHUNK_BYTES = 16384 };

@interface KVXDownload (Socket)
- (void)run:(NSArray *)request;
@end

@implementation KVXDownload
+ (KVXDownload *)start:(NSURL *)url
               headers:(NSArray *)headers
                  path:(NSString *)path
                offset:(long long)offset
          maxSizeBytes:(long long)maxSizeBytes
         idleTimeoutMs:(double)idleTimeoutMs
              progress:(KVXDownloadProgress)progress
                  done:(KVXDownloadDone)done {
  KVXDownload *download = [[[self alloc] init] autorelease];
  download->_file = [[KVXDownloadFile alloc] initWithPath:path offset:offset maxSizeBytes:maxSizeBytes];
  download->_progress = Block_copy(progress);
  download->_done = Block_copy(done);
  NSArray *request = [NSArray arrayWithObjects:url, headers, [NSNumber numberWithDouble:idleTimeoutMs], nil];
  [NSThread detachNewThreadSelector:@selector(run:) toTarget:download withObject:request];
  return download;
}

- (void)dealloc {
  [_file release];
  Block_release(_progress);
  Block_release(_done);
  [_answer release];
  [_failure release];
  [super dealloc];
}

- (void)cancel {
  _failure = [KVXCodedError(@"ERR_CLIENT_ABORTED", @"Stopped by the caller") retain];
}

static NSError *network(NSString *code) { return KVXCodedError(code, [NSString stringWithUTF8String:strerror(errno)]); }

static int connected(NSURL *url, double idleTimeoutMs) {
  int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  struct timeval idle = {(time_t)(idleTimeoutMs / 1000), (suseconds_t)((long)idleTimeoutMs % 1000 * 1000)};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle);
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((unsigned short)[[url port] intValue]);
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
  close(descriptor);
  return -1;
}

/** Body bytes that came with the head are left in `buffer`; gives where they begin, 0 when there is no head. */
static size_t readHead(int descriptor, char *buffer, size_t *length) {
  *length = 0;
  while (*length < HEAD_BYTES) {
    ssize_t count = read(descriptor, buffer + *length, HEAD_BYTES - *length);
    if (count <= 0) return 0;
    *length += (size_t)count;
    buffer[*length] = 0;
    char *end = strstr(buffer, "\r\n\r\n");
    if (end != NULL) return (size_t)(end - buffer) + 4;
  }
  return 0;
}

- (NSError *)fetch:(NSArray *)request {
  NSURL *url = [request objectAtIndex:0];
  NSArray *headers = [request objectAtIndex:1];
  int descriptor = connected(url, [[request objectAtIndex:2] doubleValue]);
  if (descriptor < 0) return network(@"ERR_CLIENT_NETWORK");
  NSMutableString *out = [NSMutableString stringWithFormat:@"GET %@ HTTP/1.0\r\nHost: localhost\r\n", [url path]];
  for (NSUInteger i = 0; i + 1 < [headers count]; i += 2)
    [out appendFormat:@"%@: %@\r\n", [headers objectAtIndex:i], [headers objectAtIndex:i + 1]];
  [out appendString:@"\r\n"];
  NSData *bytes = [out dataUsingEncoding:NSUTF8StringEncoding];
  char buffer[HEAD_BYTES + 1];
  size_t length = 0;
  NSError *error = nil;
  size_t at = write(descriptor, [bytes bytes], [bytes length]) < 0 ? 0 : readHead(descriptor, buffer, &length);
  if (at == 0) error = network(errno == EAGAIN ? @"ERR_CLIENT_TIMEOUT" : @"ERR_CLIENT_NETWORK");
  else error = [self take:descriptor buffer:buffer at:at length:length];
  close(descriptor);
  return error;
}

- (NSError *)take:(int)descriptor buffer:(char *)buffer at:(size_t)at length:(size_t)length {
  NSString *head = [[[NSString alloc] initWithBytes:buffer length:at encoding:NSUTF8StringEncoding] autorelease];
  NSArray *lines = [head componentsSeparatedByString:@"\r\n"];
  NSString *status = [[[lines objectAtIndex:0] componentsSeparatedByString:@" "] objectAtIndex:1];
  _answer = [[NSMutableArray alloc] initWithObjects:status, nil];
  long long promised = -1;
  NSString *contentRange = nil;
  for (NSUInteger i = 1; i < [lines count]; i++) {
    NSRange colon = [[lines objectAtIndex:i] rangeOfString:@": "];
    if (colon.length == 0) continue;
    NSString *name = [[lines objectAtIndex:i] substringToIndex:colon.location];
    NSString *value = [[lines objectAtIndex:i] substringFromIndex:colon.location + 2];
    [_answer addObject:name];
    [_answer addObject:value];
    if ([name caseInsensitiveCompare:@"content-length"] == NSOrderedSame) promised = [value longLongValue];
    if ([name caseInsensitiveCompare:@"content-range"] == NSOrderedSame) contentRange = value;
  }
  NSError *error = nil;
  if (![_file begin:[status intValue] contentRange:contentRange promised:promised error:&error]) return error;
  // What came with the head, then what comes.
  ssize_t count = (ssize_t)(length - at);
  char *chunk = buffer + at;
  if (count == 0) count = read(descriptor, chunk = buffer, CHUNK_BYTES);
  for (; count != 0; count = read(descriptor, buffer, CHUNK_BYTES), chunk = buffer) {
    if (count < 0) return network(errno == EAGAIN ? @"ERR_CLIENT_TIMEOUT" : @"ERR_CLIENT_NETWORK");
    if (_failure != nil) return _failure;
    if (![_file take:chunk length:(size_t)count error:&error]) return error;
    _progress([_file size]);
  }
  return [_file end:&error] ? nil : error;
}

- (void)run:(NSArray *)request {
  NSAutoreleasePool *pool = [[NSAutoreleasePool alloc] init];
  NSError *error = [self fetch:request];
  _done(error == nil ? _answer : nil, error);
  [pool release];
}
@end
