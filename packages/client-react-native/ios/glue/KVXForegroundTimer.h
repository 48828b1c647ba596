#import <Foundation/Foundation.h>

/** Does something once, on a thread of its own, after a time that counts only between `start` and `stop`. */
@interface KVXForegroundTimer : NSObject {
  id _target;
  SEL _selector;
  double _seconds, _used, _since;
  BOOL _isRunning, _isOver, _hasThread;
}
/** `target` is not retained. */
- (id)initWithSeconds:(double)seconds target:(id)target selector:(SEL)selector;
- (void)start;
- (void)stop;
@end
