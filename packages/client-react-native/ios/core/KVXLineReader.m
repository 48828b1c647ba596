#import "KVXLineReader.h"

#import "KVXFields.h"

@implementation KVXLineReader
@synthesize why = _why;

- (id)initWithLines:(NSArray *)lines {
  self = [super init];
  if (self != nil) {
    _lines = [lines retain];
    _next = 1;
  }
  return self;
}

- (void)dealloc {
  [_lines release];
  [_why release];
  [super dealloc];
}

- (void)fail:(NSString *)why {
  if (_why == nil) _why = [why copy];
}

- (void)refuse:(NSString *)key {
  [self fail:[NSString stringWithFormat:@"%@ has a value that is not allowed", key]];
}

- (NSString *)text:(NSString *)key {
  if (_why != nil) return @"";
  NSString *line = [_lines objectAtIndex:_next++];
  NSString *start = [key stringByAppendingString:@"="];
  if ([line hasPrefix:start]) return [line substringFromIndex:[start length]];
  [self fail:[NSString stringWithFormat:@"line %lu is not %@", (unsigned long)_next, key]];
  return @"";
}

- (long long)integer:(NSString *)key {
  long long value = KVXParseInteger([self text:key]);
  if (value >= 0) return value;
  [self refuse:key];
  return 0;
}

- (NSString *)hash:(NSString *)key {
  NSString *value = [self text:key];
  if (!KVXIsHashOrEmpty(value)) [self refuse:key];
  return value;
}

- (NSString *)binaryId:(NSString *)key {
  NSString *value = [self text:key];
  if (!KVXIsBinaryId(value)) [self refuse:key];
  return value;
}
@end
