#import "KVXLaunchWatch.h"

#import "KVXCrashSignals.h"
#import "KVXForegroundTimer.h"
#import "KVXMarker.h"

static KVXBootHost *watched;
static NSUncaughtExceptionHandler *before;
static double timeoutSeconds;
static KVXForegroundTimer *probation;
static BOOL isActive, isInBackground, hasContentAppeared;

/** What is used of UIApplication, by its name: nothing here needs UIKit. */
@protocol KVXApplication
+ (id<KVXApplication>)sharedApplication;
- (NSInteger)applicationState;
@end
enum { APPLICATION_STATE_BACKGROUND = 2 };

/** A push or a task brought the process up, and nobody sees it. Only the main thread may ask. */
static BOOL isStartedInBackground(void) {
  Class<KVXApplication> application = (Class<KVXApplication>)NSClassFromString(@"UIApplication");
  if (application == Nil || ![NSThread isMainThread]) return NO;
  return [[application sharedApplication] applicationState] == APPLICATION_STATE_BACKGROUND;
}

static void onUncaught(NSException *exception) {
  [watched mark:KVXMarkerCrash];
  if (before != NULL) before(exception);
}

@interface KVXForegroundWatch : NSObject
@end

@implementation KVXForegroundWatch
- (void)didEnterBackground:(NSNotification *)notification {
  (void)notification;
  isActive = NO;
  isInBackground = YES;
  [probation stop];
  [watched mark:KVXMarkerBackground];
}

/** Of the app, or of a scene: before one is in front, UIKit may call an app with scenes a background app. */
- (void)willEnterForeground:(NSNotification *)notification {
  (void)notification;
  isInBackground = NO;
  [watched unmark:KVXMarkerBackground];
}

/** At the first start too, which is no coming back; and not when the system starts the app for work in the background. */
- (void)didBecomeActive:(NSNotification *)notification {
  (void)notification;
  isActive = YES;
  isInBackground = NO;
  [watched unmark:KVXMarkerBackground];
  [probation start];
}

- (void)didAppear:(NSNotification *)notification {
  (void)notification;
  hasContentAppeared = YES;
}

/** One that was confirmed only now keeps its confirmation: that beats a marker. */
- (void)markOverdue {
  if (![watched isConfirmed]) [watched mark:KVXMarkerTimeout];
}
@end

static KVXForegroundWatch *watch;

void KVXLaunchChanged(void) {
  KVXSetCrashMarkerPath([[watched markerPath:KVXMarkerCrash] fileSystemRepresentation]);
  [probation stop];
  [probation release];
  probation = nil;
  // The system ends it when its work is done: nobody saw a screen, and nothing is against its bundle.
  if (isInBackground) [watched mark:KVXMarkerBackground];
  if (![watched decision].pending) return;
  probation = [[KVXForegroundTimer alloc] initWithSeconds:timeoutSeconds target:watch selector:@selector(markOverdue)];
  if (isActive) [probation start];
}

void KVXWatchLaunch(KVXBootHost *host, double pendingTimeoutSeconds) {
  if (watched != nil) return;
  watched = [host retain];
  timeoutSeconds = pendingTimeoutSeconds;
  KVXCatchCrashSignals();
  before = NSGetUncaughtExceptionHandler();
  NSSetUncaughtExceptionHandler(onUncaught);
  // Lives as long as the process. The names are those of UIKit's and React Native's constants, without a need for either.
  watch = [[KVXForegroundWatch alloc] init];
  NSNotificationCenter *center = [NSNotificationCenter defaultCenter];
  [center addObserver:watch
             selector:@selector(didEnterBackground:)
                 name:@"UIApplicationDidEnterBackgroundNotification"
               object:nil];
  [center addObserver:watch
             selector:@selector(willEnterForeground:)
                 name:@"UIApplicationWillEnterForegroundNotification"
               object:nil];
  [center addObserver:watch
             selector:@selector(willEnterForeground:)
                 name:@"UISceneWillEnterForegroundNotification"
               object:nil];
  [center addObserver:watch
             selector:@selector(didBecomeActive:)
                 name:@"UIApplicationDidBecomeActiveNotification"
               object:nil];
  [center addObserver:watch selector:@selector(didAppear:) name:@"RCTContentDidAppearNotification" object:nil];
  isInBackground = isStartedInBackground();
  KVXLaunchChanged();
}

BOOL KVXHasContentAppeared(void) { return hasContentAppeared; }
