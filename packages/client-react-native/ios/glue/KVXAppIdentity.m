#import "KVXAppIdentity.h"

NSString *KVXAppEmbeddedPath(NSBundle *app) { return [app pathForResource:@"main" ofType:@"jsbundle"]; }

NSString *KVXAppBinaryId(NSBundle *app) {
  NSString *build = [[app infoDictionary] objectForKey:@"CFBundleVersion"];
  NSString *path = KVXAppEmbeddedPath(app);
  NSDictionary *file = nil;
  if (path != nil) file = [[NSFileManager defaultManager] attributesOfItemAtPath:path error:NULL];
  long long modified = (long long)[[file fileModificationDate] timeIntervalSince1970];
  return [NSString stringWithFormat:@"%@:%lld:%llu", build == nil ? @"" : build, modified, [file fileSize]];
}

static NSString *textOf(NSBundle *app, NSString *key) {
  id value = [[app infoDictionary] objectForKey:key];
  return value == nil ? @"" : [value description];
}

NSString *KVXAppBinaryVersion(NSBundle *app) { return textOf(app, @"CFBundleShortVersionString"); }

NSString *KVXAppRuntimeVersion(NSBundle *app) { return textOf(app, @"KivyxOtaRuntimeVersion"); }

long long KVXAppEmbeddedVersionCode(NSBundle *app) {
  // NSNumber and NSString both have it.
  return [[[app infoDictionary] objectForKey:@"KivyxOtaEmbeddedVersionCode"] longLongValue];
}

double KVXAppPendingTimeoutSeconds(NSBundle *app) {
  double seconds = [[[app infoDictionary] objectForKey:@"KivyxOtaPendingTimeoutSeconds"] doubleValue];
  return seconds > 0 ? seconds : 600;
}

NSString *KVXAppRecordsDirectory(void) {
  NSArray *found = NSSearchPathForDirectoriesInDomains(NSApplicationSupportDirectory, NSUserDomainMask, YES);
  // Every app has the first one. In the other nothing is kept for long, which is no worse than having no update.
  NSString *parent = [found count] == 0 ? NSTemporaryDirectory() : [found objectAtIndex:0];
  NSString *root = [parent stringByAppendingPathComponent:@"kivyx-ota"];
  NSDictionary *attributes = nil;
#ifdef __APPLE__
  // Files made in it inherit this. A launch before the first unlock can then read them, and nothing in them is secret.
  attributes = [NSDictionary dictionaryWithObject:NSFileProtectionNone forKey:NSFileProtectionKey];
#endif
  NSString *directory = [root stringByAppendingPathComponent:@"v1"];
  [[NSFileManager defaultManager] createDirectoryAtPath:directory
                            withIntermediateDirectories:YES
                                             attributes:attributes
                                                  error:NULL];
#ifdef __APPLE__
  [[NSURL fileURLWithPath:root] setResourceValue:[NSNumber numberWithBool:YES]
                                          forKey:NSURLIsExcludedFromBackupKey
                                           error:NULL];
#endif
  return directory;
}
