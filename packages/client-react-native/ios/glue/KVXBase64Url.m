#import "KVXBase64Url.h"

NSString *KVXBase64Url(NSData *data) {
  if (data == nil) return nil;
  NSString *text = [data base64EncodedStringWithOptions:0];
  text = [text stringByReplacingOccurrencesOfString:@"+" withString:@"-"];
  text = [text stringByReplacingOccurrencesOfString:@"/" withString:@"_"];
  return [text stringByReplacingOccurrencesOfString:@"=" withString:@""];
}

NSData *KVXFromBase64Url(NSString *text) {
  if (text == nil) return nil;
  text = [text stringByReplacingOccurrencesOfString:@"-" withString:@"+"];
  text = [text stringByReplacingOccurrencesOfString:@"_" withString:@"/"];
  // What Foundation reads has a multiple of four digits.
  NSUInteger missing = (4 - [text length] % 4) % 4;
  text = [text stringByAppendingString:[@"===" substringToIndex:missing]];
  return [[[NSData alloc] initWithBase64EncodedString:text options:0] autorelease];
}
