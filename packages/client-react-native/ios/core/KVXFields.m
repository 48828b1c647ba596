#import "KVXFields.h"

#import "KVXLimits.h"
#import "KVXSha256.h"

long long KVXParseInteger(NSString *text) {
  NSUInteger length = [text length];
  long long value = 0;
  if (length == 0 || length > 16) return -1;
  if (length > 1 && [text characterAtIndex:0] == '0') return -1;
  for (NSUInteger i = 0; i < length; i++) {
    unichar one = [text characterAtIndex:i];
    if (one < '0' || one > '9') return -1;
    value = value * 10 + (one - '0');
  }
  return value > KVX_MAX_INTEGER ? -1 : value;
}

NSString *KVXFormatInteger(long long value) {
  if (value < 0 || value > KVX_MAX_INTEGER) return nil;
  return [NSString stringWithFormat:@"%lld", value];
}

BOOL KVXIsHashOrEmpty(NSString *text) { return [text length] == 0 || KVXIsSha256Hex(text); }

BOOL KVXIsBinaryId(NSString *text) {
  NSUInteger length = [text length];
  if (text == nil || length > 128) return NO;
  for (NSUInteger i = 0; i < length; i++) {
    unichar one = [text characterAtIndex:i];
    BOOL letter = (one >= 'A' && one <= 'Z') || (one >= 'a' && one <= 'z');
    BOOL digit = one >= '0' && one <= '9';
    BOOL sign = one == '.' || one == '_' || one == ':' || one == '+' || one == '-';
    if (!letter && !digit && !sign) return NO;
  }
  return YES;
}
