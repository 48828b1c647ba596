#import "KVXForegroundTimer.h"

#include <time.h>

/** Monotonic; stands still while the phone sleeps. */
static double now(void) {
  struct timespec time;
#ifdef __APPLE__
  clock_gettime(CLOCK_UPTIME_RAW, &time);
#else
  clock_gettime(CLOCK_MONOTONIC, &time);
#endif
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

@implementation KVXForegroundTimer
- (id)initWithSeconds:(double)seconds target:(id)target selector:(SEL)selector {
  self = [super init];
  if (self != nil) {
    _seconds = seconds;
    _target = target;
    _selector = selector;
  }
  return self;
}

- (void)start {
  @synchronized(self) {
    if (_isRunning || _isOver) return;
    _isRunning = YES;
    _since = now();
    if (_hasThread) return;
    _hasThread = YES;
    // A thread, not a timer: what is to be noticed is a main thread or a JavaScript thread that hangs. It retains this object.
    [NSThread detachNewThreadSelector:@selector(wait) toTarget:self withObject:nil];
  }
}

- (void)stop {
  @synchronized(self) {
    if (!_isRunning) return;
    _isRunning = NO;
    _used += now() - _since;
  }
}

/** 0: it is over; negative: stopped, and nobody waits any more. */
- (double)left {
  @synchronized(self) {
    if (!_isRunning) {
      _hasThread = NO;
      return -1;
    }
    double left = _seconds - _used - (now() - _since);
    if (left > 0) return left;
    _isRunning = NO;
    _isOver = YES;
    return 0;
  }
}

- (void)wait {
  NSAutoreleasePool *pool = [[NSAutoreleasePool alloc] init];
  double left;
  while ((left = [self left]) > 0) {
    struct timespec sleep = {(time_t)left, (long)((left - (double)(time_t)left) * 1e9)};
    nanosleep(&sleep, NULL);
  }
  if (left == 0) [_target performSelector:_selector];
  [pool release];
}
@end
