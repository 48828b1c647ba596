#import "KVXTextRecord.h"

#import "KVXLimits.h"
#import "KVXSha256.h"

#include <string.h>

static NSString *const SEAL_KEY = @"sha256=";
static const NSUInteger SEAL_LENGTH = 7 + 64 + 1;

NSData *KVXSealRecord(NSString *lines) {
  NSData *unsealed = [lines dataUsingEncoding:NSASCIIStringEncoding];
  NSString *hash = KVXSha256Hex([unsealed bytes], [unsealed length]);
  NSString *text = [NSString stringWithFormat:@"%@%@%@\n", lines, SEAL_KEY, hash];
  NSData *sealed = [text dataUsingEncoding:NSASCIIStringEncoding];
  return unsealed == nil || [sealed length] > KVX_RECORD_MAX_BYTES ? nil : sealed;
}

NSString *KVXSchemaVersion(NSString *magic, NSData *data) {
  const unsigned char *bytes = [data bytes];
  NSUInteger length = [data length];
  NSUInteger at = [magic length];
  char digits[11];
  NSUInteger count = 0;
  if (length < at || memcmp(bytes, [magic UTF8String], at) != 0) return nil;
  for (NSUInteger i = at; i < length && count < 10; i++) {
    unsigned char one = bytes[i];
    if (one == '\n') {
      digits[count] = 0;
      return count == 0 ? nil : [NSString stringWithUTF8String:digits];
    }
    if (one < (count == 0 ? '1' : '0') || one > '9') return nil;
    digits[count++] = (char)one;
  }
  return nil;
}

NSArray *KVXOpenRecord(NSData *data, NSUInteger keys, NSString **why) {
  const unsigned char *bytes = [data bytes];
  NSUInteger length = [data length];
  *why = nil;
  if (length > KVX_RECORD_MAX_BYTES) {
    *why = [NSString stringWithFormat:@"longer than %d bytes", KVX_RECORD_MAX_BYTES];
    return nil;
  }
  for (NSUInteger i = 0; i < length; i++) {
    if (bytes[i] == '\n' || (bytes[i] >= 32 && bytes[i] <= 126)) continue;
    *why = @"a byte that is neither a line feed nor printable ASCII";
    return nil;
  }
  if (length < SEAL_LENGTH || bytes[length - 1] != '\n') {
    *why = @"the last line is not complete";
    return nil;
  }
  NSUInteger sealAt = length - SEAL_LENGTH;
  const char *seal = (const char *)bytes + sealAt;
  if (sealAt == 0 || seal[-1] != '\n' || memcmp(seal, [SEAL_KEY UTF8String], 7) != 0) {
    *why = @"the last line is not the checksum";
    return nil;
  }
  if (memcmp(seal + 7, [KVXSha256Hex(bytes, sealAt) UTF8String], 64) != 0) {
    *why = @"wrong checksum";
    return nil;
  }
  NSString *text = [[[NSString alloc] initWithBytes:bytes
                                             length:sealAt - 1
                                           encoding:NSASCIIStringEncoding] autorelease];
  NSArray *lines = [text componentsSeparatedByString:@"\n"];
  if ([lines count] != keys + 1) {
    *why = @"a line too many or too few";
    return nil;
  }
  return lines;
}
