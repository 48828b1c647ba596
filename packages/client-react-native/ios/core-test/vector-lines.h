#import <Foundation/Foundation.h>

/** Reads docs/spec/vectors/lifecycle-boot.txt line by line. What is not as it has to be ends the program. */
@interface VectorLines : NSObject {
  NSArray *_lines;
  NSUInteger _next;
  NSArray *_words;
}
- (id)initWithPath:(const char *)path;
/** The first word of the next line; nil at the end. */
- (NSString *)next;
/** The next line has to begin with that word. */
- (void)expect:(NSString *)key;
- (NSUInteger)count;
- (NSString *)word:(NSUInteger)i;
- (long long)integer:(NSUInteger)i;
- (NSData *)data:(NSUInteger)i;
/** Of a line `key length word …`. */
- (NSArray *)list;
@end
