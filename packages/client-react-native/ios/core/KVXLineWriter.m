#import "KVXLineWriter.h"

#import "KVXFields.h"
#import "KVXTextRecord.h"

@implementation KVXLineWriter
- (id)initWithMagicLine:(NSString *)magicLine {
  self = [super init];
  if (self != nil) _text = [[NSMutableString alloc] initWithFormat:@"%@\n", magicLine];
  return self;
}

- (void)dealloc {
  [_text release];
  [super dealloc];
}

- (void)text:(NSString *)key value:(NSString *)value {
  if (value == nil) _impossible = YES;
  else [_text appendFormat:@"%@=%@\n", key, value];
}

- (void)integer:(NSString *)key value:(long long)value {
  [self text:key value:KVXFormatInteger(value)];
}

- (void)hash:(NSString *)key value:(NSString *)value {
  [self text:key value:KVXIsHashOrEmpty(value) ? value : nil];
}

- (void)binaryId:(NSString *)key value:(NSString *)value {
  [self text:key value:KVXIsBinaryId(value) ? value : nil];
}

- (NSData *)seal {
  return _impossible ? nil : KVXSealRecord(_text);
}
@end
