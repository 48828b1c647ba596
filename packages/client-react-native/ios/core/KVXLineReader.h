#import <Foundation/Foundation.h>

/** Takes the key lines of a record one after the other. After the first that is wrong it stands still and gives empty values. */
@interface KVXLineReader : NSObject {
  NSArray *_lines;
  NSUInteger _next;
  NSString *_why;
}
/** What was wrong first; nil when nothing was. */
@property(nonatomic, readonly) NSString *why;

- (id)initWithLines:(NSArray *)lines;
- (NSString *)text:(NSString *)key;
- (long long)integer:(NSString *)key;
- (NSString *)hash:(NSString *)key;
- (NSString *)binaryId:(NSString *)key;
/** The value of `key` is not allowed. */
- (void)refuse:(NSString *)key;
/** The lines contradict each other. */
- (void)fail:(NSString *)why;
@end
