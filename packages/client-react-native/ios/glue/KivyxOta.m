#import "KivyxOta.h"

#import "KVXAppIdentity.h"
#import "KVXOtaProcess.h"

@implementation KivyxOta
+ (NSURL *)bundleURL {
  // Never nil to say "the bundle in the app": React Native ignores nil and goes on with the address it had.
  NSString *path = [KVXOtaProcess bundlePath];
  if (path == nil) path = KVXAppEmbeddedPath([NSBundle mainBundle]);
  return path == nil ? nil : [NSURL fileURLWithPath:path];
}

+ (void)markCrash {
  [KVXOtaProcess markCrash];
}
@end
