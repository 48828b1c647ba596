#import "KVXLaunchWatch.h"

#import "KVXMarker.h"

static KVXBootHost *watched;
static NSUncaughtExceptionHandler *before;

static void onUncaught(NSException *exception) {
  [watched mark:KVXMarkerCrash];
  if (before != NULL) before(exception);
}

@interface KVXForegroundWatch : NSObject
@end

@implementation KVXForegroundWatch
- (void)didEnterBackground:(NSNotification *)notification {
  (void)notification;
  [watched mark:KVXMarkerBackground];
}

- (void)willEnterForeground:(NSNotification *)notification {
  (void)notification;
  [watched unmark:KVXMarkerBackground];
}
@end

void KVXWatchLaunch(KVXBootHost *host) {
  if (watched != nil) return;
  watched = [host retain];
  before = NSGetUncaughtExceptionHandler();
  NSSetUncaughtExceptionHandler(onUncaught);
  // Lives as long as the process. The names are those of UIKit's constants, without a need for UIKit.
  KVXForegroundWatch *watch = [[KVXForegroundWatch alloc] init];
  NSNotificationCenter *center = [NSNotificationCenter defaultCenter];
  [center addObserver:watch
             selector:@selector(didEnterBackground:)
                 name:@"UIApplicationDidEnterBackgroundNotification"
               object:nil];
  [center addObserver:watch
             selector:@selector(willEnterForeground:)
                 name:@"UIApplicationWillEnterForegroundNotification"
               object:nil];
}
