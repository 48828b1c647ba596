// An app's start: prints the bundle's URL twice, the binary's id, the records' folder. Then, as its arguments say: background, foreground,
// wait, content, reload, crash.
#import "KVXAppIdentity.h"
#import "KVXOtaProcess.h"
#import "KivyxOta.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void handlerBefore(NSException *exception) {
  printf("before: %s\n", [[exception reason] UTF8String]);
  fflush(stdout);
  exit(3);
}

int main(int argc, char **argv) {
  NSAutoreleasePool *pool = [[NSAutoreleasePool alloc] init];
  NSSetUncaughtExceptionHandler(handlerBefore);
  printf("url: %s\n", [[[KivyxOta bundleURL] path] UTF8String] ?: "nil");
  printf("again: %s\n", [[[KivyxOta bundleURL] path] UTF8String] ?: "nil");
  printf("binary: %s\n", [KVXAppBinaryId([NSBundle mainBundle]) UTF8String]);
  printf("records: %s\n", [KVXAppRecordsDirectory() UTF8String]);
  fflush(stdout);
  NSNotificationCenter *center = [NSNotificationCenter defaultCenter];
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "background") == 0)
      [center postNotificationName:@"UIApplicationDidEnterBackgroundNotification" object:nil];
    if (strcmp(argv[i], "foreground") == 0)
      [center postNotificationName:@"UIApplicationWillEnterForegroundNotification" object:nil];
    if (strcmp(argv[i], "wait") == 0) usleep(1500000);
    if (strcmp(argv[i], "content") == 0) {
      [center postNotificationName:@"RCTContentDidAppearNotification" object:nil];
      printf("snapshot: %s\n", [[KVXOtaProcess snapshotOf:[KVXOtaProcess launched]] UTF8String]);
    }
    if (strcmp(argv[i], "reload") == 0) {
      [KVXOtaProcess prepareReload];
      printf("reloaded: %s\n", [[[KivyxOta bundleURL] path] UTF8String]);
    }
    if (strcmp(argv[i], "crash") == 0) [NSException raise:NSGenericException format:@"the app crashed"];
  }
  [pool release];
  return 0;
}
