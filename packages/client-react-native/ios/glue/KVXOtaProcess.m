#import "KVXOtaProcess.h"

#import "KVXAppIdentity.h"
#import "KVXBootHost.h"
#import "KVXLaunchWatch.h"
#import "KVXMarker.h"

static KVXBootHost *host;
/** Something asked what to launch. */
static BOOL isAsked;

/** Why this process never launches an update; nil: it may. */
static NSString *whyNot(NSBundle *app) {
#if DEBUG
  return @"debug-build";
#endif
  // Without a bundle of its own it is a debug build, whatever it was called.
  if (KVXAppEmbeddedPath(app) == nil) return @"debug-build";
  // An extension is a process of its own, with files of its own.
  if ([[app bundlePath] hasSuffix:@".appex"]) return @"other-process";
  return nil;
}

static KVXBootHost *hostOf(NSBundle *app) {
  if (host == nil)
    host = [[KVXBootHost alloc] initWithDirectory:[KVXOtaProcess directory]
                                         binaryId:KVXAppBinaryId(app)
                              embeddedVersionCode:KVXAppEmbeddedVersionCode(app)];
  return host;
}

@implementation KVXOtaProcess
+ (NSString *)directory {
  static NSString *directory;
  @synchronized(self) {
    if (directory == nil) directory = [KVXAppRecordsDirectory() copy];
    return directory;
  }
}

+ (NSString *)bundlePath {
  @synchronized(self) {
    @try {
      NSBundle *app = [NSBundle mainBundle];
      if (whyNot(app) != nil) return nil;
      NSString *path = [hostOf(app) bundlePath];
      if (!isAsked) KVXWatchLaunch(host, KVXAppPendingTimeoutSeconds(app));
      isAsked = YES;
      return path;
    } @catch (NSException *anything) {
      // An app that starts with its own bundle is always better than one that does not start.
      return nil;
    }
  }
}

+ (KVXBootDecision *)launched {
  @synchronized(self) {
    NSString *why = whyNot([NSBundle mainBundle]);
    if (why != nil) return [KVXBootDecision embedded:why];
    return isAsked ? [host decision] : [KVXBootDecision embedded:@"not-asked"];
  }
}

+ (NSString *)snapshotOf:(KVXBootDecision *)launched {
  @synchronized(self) {
    NSBundle *app = [NSBundle mainBundle];
    NSMutableDictionary *snapshot = [NSMutableDictionary dictionaryWithDictionary:[hostOf(app) snapshotOf:launched]];
    [snapshot setObject:[NSNumber numberWithBool:KVXHasContentAppeared()] forKey:@"contentAppeared"];
    NSData *json = [NSJSONSerialization dataWithJSONObject:snapshot options:0 error:NULL];
    return [[[NSString alloc] initWithData:json encoding:NSUTF8StringEncoding] autorelease];
  }
}

+ (void)markCrash {
  if (isAsked) [host mark:KVXMarkerCrash];
}

+ (void)prepareReload {
  @synchronized(self) {
    if (!isAsked) return;
    [host prepareReload];
    KVXLaunchChanged();
  }
}
@end
