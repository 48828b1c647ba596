#import <Foundation/Foundation.h>

/** Writes key lines. What KVXLineReader would refuse makes the whole record impossible. */
@interface KVXLineWriter : NSObject {
  NSMutableString *_text;
  BOOL _impossible;
}
- (id)initWithMagicLine:(NSString *)magicLine;
/** `value`: nil makes the record impossible. */
- (void)text:(NSString *)key value:(NSString *)value;
- (void)integer:(NSString *)key value:(long long)value;
- (void)hash:(NSString *)key value:(NSString *)value;
- (void)binaryId:(NSString *)key value:(NSString *)value;
/** Nil when the record is impossible or too large. */
- (NSData *)seal;
@end
