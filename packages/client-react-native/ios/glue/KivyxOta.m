#import "KivyxOta.h"

#import "KVXAppIdentity.h"
#import "KVXBootHost.h"
#import "KVXLaunchWatch.h"

static KVXBootHost *host;

static NSString *updatePath(NSBundle *app) {
  if (host == nil) {
    NSString *directory = KVXAppRecordsDirectory();
    if (directory == nil) return nil;
    host = [[KVXBootHost alloc] initWithDirectory:directory
                                         binaryId:KVXAppBinaryId(app)
                              embeddedVersionCode:KVXAppEmbeddedVersionCode(app)];
    if ([host decision].launchId > 0) KVXWatchLaunch(host);
  }
  return [host bundlePath];
}

@implementation KivyxOta
+ (NSURL *)bundleURL {
  @synchronized(self) {
    NSBundle *app = [NSBundle mainBundle];
    NSString *embedded = KVXAppEmbeddedPath(app);
    NSString *path = nil;
    @try {
      // Without a bundle of its own it is a debug build: that never loads an update.
      if (embedded != nil) path = updatePath(app);
    } @catch (NSException *anything) {
      // An app that starts with its own bundle is always better than one that does not start.
      path = nil;
    }
    if (path == nil) path = embedded;
    return path == nil ? nil : [NSURL fileURLWithPath:path];
  }
}
@end
