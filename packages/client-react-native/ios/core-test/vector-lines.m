#import "vector-lines.h"

#include <stdio.h>
#include <stdlib.h>

static void stop(NSString *why) {
  fprintf(stderr, "%s\n", [why UTF8String]);
  exit(2);
}

@implementation VectorLines
- (id)initWithPath:(const char *)path {
  self = [super init];
  if (self == nil) return nil;
  NSData *data = [NSData dataWithContentsOfFile:[NSString stringWithUTF8String:path]];
  NSString *text = [[NSString alloc] initWithData:data encoding:NSASCIIStringEncoding];
  if (data == nil || text == nil) stop(@"The vectors cannot be read");
  _lines = [[text componentsSeparatedByString:@"\n"] retain];
  [text release];
  return self;
}

- (void)dealloc {
  [_lines release];
  [_words release];
  [super dealloc];
}

- (NSString *)next {
  while (_next < [_lines count]) {
    NSString *line = [_lines objectAtIndex:_next++];
    if ([line length] == 0 || [line hasPrefix:@"#"]) continue;
    [_words release];
    _words = [[line componentsSeparatedByString:@" "] retain];
    return [_words objectAtIndex:0];
  }
  return nil;
}

- (void)expect:(NSString *)key {
  NSString *found = [self next];
  if (![found isEqualToString:key]) stop([NSString stringWithFormat:@"Expected %@, not %@", key, found]);
}

- (NSUInteger)count {
  return [_words count];
}

- (NSData *)data:(NSUInteger)i {
  NSString *escaped = [_words objectAtIndex:i];
  NSMutableData *out = [NSMutableData data];
  if ([escaped isEqualToString:@"%-"]) return out;
  const char *at = [escaped UTF8String];
  while (*at != 0) {
    char one = *at++;
    if (one == '%') {
      char digits[3] = {at[0], at[1], 0};
      one = (char)strtol(digits, NULL, 16);
      at += 2;
    }
    [out appendBytes:&one length:1];
  }
  return out;
}

- (NSString *)word:(NSUInteger)i {
  return [[[NSString alloc] initWithData:[self data:i] encoding:NSISOLatin1StringEncoding] autorelease];
}

- (long long)integer:(NSUInteger)i {
  return strtoll([[self word:i] UTF8String], NULL, 10);
}

- (NSArray *)list {
  NSMutableArray *out = [NSMutableArray array];
  NSUInteger length = (NSUInteger)[self integer:1];
  if ([_words count] != length + 2) stop(@"A list of another length than it says");
  for (NSUInteger i = 0; i < length; i++) [out addObject:[self word:2 + i]];
  return out;
}
@end
