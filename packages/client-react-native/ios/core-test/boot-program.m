// A phone as a process: <directory> <binaryId> <embeddedVersionCode> boot|hold|<seed>. `boot`: one boot. `hold`: one boot, then waits
// to be killed. A seed: boot after boot until it is killed, with a life in between. One line for each boot.
#import "KVXBootHost.h"
#import "KVXBootRunner.h"
#import "phone-life.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print(KVXBootDecision *decision) {
  NSMutableString *out = [NSMutableString string];
  NSString *what = [decision.sha256Hex length] == 0 ? @"embedded" : decision.sha256Hex;
  [out appendFormat:@"%lld %@ %lld %d %lld ", decision.record.sequence, what, decision.versionCode,
                    decision.pending ? 1 : 0, decision.launchId];
  for (KVXBootReason *one in decision.reasons) [out appendFormat:@"%@:%@,", one.code, one.sha256Hex];
  printf("%s\n", [out UTF8String]);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  NSAutoreleasePool *outer = [[NSAutoreleasePool alloc] init];
  NSString *directory = [NSString stringWithUTF8String:argv[1]];
  NSString *binaryId = [NSString stringWithUTF8String:argv[2]];
  long long embeddedVersionCode = strtoll(argv[3], NULL, 10);
  BOOL holds = strcmp(argv[4], "hold") == 0;
  if (holds || strcmp(argv[4], "boot") == 0) {
    KVXBootHost *host = [[KVXBootHost alloc] initWithDirectory:directory
                                                      binaryId:binaryId
                                           embeddedVersionCode:embeddedVersionCode];
    print([host decision]);
    while (holds) pause();
    [host release];
    [outer release];
    return 0;
  }
  srand((unsigned int)strtoul(argv[4], NULL, 10));
  KVXDirectoryRecordFiles *files = [[KVXDirectoryRecordFiles alloc] initWithDirectory:directory];
  KVXBundleFolders *bundles = [[KVXBundleFolders alloc] initWithDirectory:directory];
  for (;;) {
    NSAutoreleasePool *pool = [[NSAutoreleasePool alloc] init];
    KVXBootEnvironment environment = {binaryId, embeddedVersionCode, YES, bundles};
    KVXBootDecision *decision = KVXRunBoot(files, environment);
    print(decision);
    PhoneLive(directory, binaryId, files, decision);
    [pool release];
  }
}
