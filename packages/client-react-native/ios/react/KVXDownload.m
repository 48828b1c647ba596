#import "KVXDownload.h"

#include <Block.h>

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
  NSURLSessionConfiguration *configuration = [NSURLSessionConfiguration ephemeralSessionConfiguration];
  // The longest silence, not the longest download.
  configuration.timeoutIntervalForRequest = idleTimeoutMs / 1000;
  configuration.requestCachePolicy = NSURLRequestReloadIgnoringLocalCacheData;
  configuration.URLCache = nil;
  NSMutableURLRequest *request = [NSMutableURLRequest requestWithURL:url];
  // Otherwise gzip is asked for, and then sizes and ranges are those of something else.
  [request setValue:@"identity" forHTTPHeaderField:@"Accept-Encoding"];
  for (NSUInteger i = 0; i + 1 < [headers count]; i += 2)
    [request setValue:[headers objectAtIndex:i + 1] forHTTPHeaderField:[headers objectAtIndex:i]];
  NSURLSession *session = [NSURLSession sessionWithConfiguration:configuration
                                                        delegate:download
                                                   delegateQueue:nil];
  download->_task = [[session dataTaskWithRequest:request] retain];
  [download->_task resume];
  // Without it the session keeps its delegate for ever; the task goes on.
  [session finishTasksAndInvalidate];
  return download;
}

- (void)dealloc {
  [_file release];
  Block_release(_progress);
  Block_release(_done);
  [_task release];
  [_answer release];
  [_failure release];
  [super dealloc];
}

- (void)cancel {
  [_task cancel];
}

- (void)fail:(NSError *)error {
  [_failure release];
  _failure = [error retain];
  [_task cancel];
}

- (void)URLSession:(NSURLSession *)session
                          task:(NSURLSessionTask *)task
    willPerformHTTPRedirection:(NSHTTPURLResponse *)response
                    newRequest:(NSURLRequest *)request
             completionHandler:(void (^)(NSURLRequest *))completionHandler {
  // Not followed: the redirect is the answer.
  completionHandler(nil);
}

- (void)URLSession:(NSURLSession *)session
              dataTask:(NSURLSessionDataTask *)dataTask
    didReceiveResponse:(NSURLResponse *)response
     completionHandler:(void (^)(NSURLSessionResponseDisposition))completionHandler {
  NSHTTPURLResponse *head = (NSHTTPURLResponse *)response;
  NSDictionary *fields = [head allHeaderFields];
  _answer = [[NSMutableArray alloc] initWithObjects:[NSString stringWithFormat:@"%ld", (long)[head statusCode]], nil];
  NSString *contentRange = nil;
  for (NSString *name in fields) {
    NSString *value = [fields objectForKey:name];
    [_answer addObject:name];
    [_answer addObject:value];
    if ([name caseInsensitiveCompare:@"Content-Range"] == NSOrderedSame) contentRange = value;
  }
  NSError *error = nil;
  long long promised = [head expectedContentLength];
  if (![_file begin:[head statusCode] contentRange:contentRange promised:promised error:&error] && error != nil)
    [self fail:error];
  completionHandler(_failure == nil ? NSURLSessionResponseAllow : NSURLSessionResponseCancel);
}

- (void)URLSession:(NSURLSession *)session dataTask:(NSURLSessionDataTask *)dataTask didReceiveData:(NSData *)data {
  NSInteger status = [(NSHTTPURLResponse *)[dataTask response] statusCode];
  // The page of an error is thrown away.
  if (_failure != nil || (status != 200 && status != 206)) return;
  NSError *error = nil;
  if ([_file take:[data bytes] length:[data length] error:&error]) _progress([_file size]);
  else [self fail:error];
}

- (void)URLSession:(NSURLSession *)session task:(NSURLSessionTask *)task didCompleteWithError:(NSError *)ended {
  NSError *error = _failure == nil ? ended : _failure;
  NSError *shorter = nil;
  if (error == nil && ![_file end:&shorter]) error = shorter;
  if (error == nil) {
    _done(_answer, nil);
    return;
  }
  if ([[error domain] isEqualToString:NSURLErrorDomain]) {
    NSString *code = [error code] == NSURLErrorTimedOut    ? @"ERR_CLIENT_TIMEOUT"
                     : [error code] == NSURLErrorCancelled ? @"ERR_CLIENT_ABORTED"
                                                           : @"ERR_CLIENT_NETWORK";
    error = KVXCodedError(code, [error localizedDescription]);
  }
  _done(nil, error);
}
@end
