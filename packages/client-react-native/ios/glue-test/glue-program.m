// An app's start: prints the bundle's URL twice, the binary's id, the records' folder. by-a-push: the system started
// it for work in the background. Then, as its arguments say: background, foreground, scene (one comes to the foreground), wait, content, reload, crash; overrun: a write to where nothing is; die-<number>: that signal, as a native crash sends it; reported-<number>: the
// same where a crash reporter had been there first.
#import "KVXAppIdentity.h"
#import "KVXOtaProcess.h"
#import "KivyxOta.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void handlerBefore(NSException *exception) {
  printf("before: %s\n", [[exception reason] UTF8String]);
  fflush(stdout);
  exit(3);
}

static void signalBefore(int number) {
  printf("before: signal %d\n", number);
  fflush(stdout);
  _exit(4);
}

/** What the glue looks up by its name. */
static NSInteger applicationState;
@interface UIApplication : NSObject
@end
@implementation UIApplication
+ (UIApplication *)sharedApplication {
  return [[[self alloc] init] autorelease];
}
- (NSInteger)applicationState {
  return applicationState;
}
@end

int main(int argc, char **argv) {
  NSAutoreleasePool *pool = [[NSAutoreleasePool alloc] init];
  NSSetUncaughtExceptionHandler(handlerBefore);
  for (int i = 1; i < argc; i++) {
    if (strncmp(argv[i], "reported-", 9) == 0) signal(atoi(argv[i] + 9), signalBefore);
    // UIApplicationStateBackground.
    if (strcmp(argv[i], "by-a-push") == 0) applicationState = 2;
  }
  printf("url: %s\n", [[[KivyxOta bundleURL] path] UTF8String] ?: "nil");
  printf("again: %s\n", [[[KivyxOta bundleURL] path] UTF8String] ?: "nil");
  printf("binary: %s\n", [KVXAppBinaryId([NSBundle mainBundle]) UTF8String]);
  printf("records: %s\n", [KVXAppRecordsDirectory() UTF8String]);
  fflush(stdout);
  NSNotificationCenter *center = [NSNotificationCenter defaultCenter];
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "background") == 0)
      [center postNotificationName:@"UIApplicationDidEnterBackgroundNotification" object:nil];
    if (strcmp(argv[i], "foreground") == 0) {
      [center postNotificationName:@"UIApplicationWillEnterForegroundNotification" object:nil];
      [center postNotificationName:@"UIApplicationDidBecomeActiveNotification" object:nil];
    }
    if (strcmp(argv[i], "scene") == 0)
      [center postNotificationName:@"UISceneWillEnterForegroundNotification" object:nil];
    if (strcmp(argv[i], "wait") == 0) usleep(1500000);
    if (strcmp(argv[i], "content") == 0) {
      [center postNotificationName:@"RCTContentDidAppearNotification" object:nil];
      printf("snapshot: %s\n", [[KVXOtaProcess snapshotOf:[KVXOtaProcess launched]] UTF8String]);
    }
    if (strcmp(argv[i], "reload") == 0) {
      [KVXOtaProcess prepareReload];
      printf("reloaded: %s\n", [[[KivyxOta bundleURL] path] UTF8String]);
    }
    if (strncmp(argv[i], "die-", 4) == 0) raise(atoi(argv[i] + 4));
    if (strncmp(argv[i], "reported-", 9) == 0) raise(atoi(argv[i] + 9));
    if (strcmp(argv[i], "overrun") == 0) *(volatile int *)8 = 1;
    if (strcmp(argv[i], "crash") == 0) [NSException raise:NSGenericException format:@"the app crashed"];
  }
  [pool release];
  return 0;
}
