// The module behind a pipe, as ModuleProgram.java says it: a line for each call, `<n> <method> <argument>…`. Arguments: the selectors of
// the spec.
#import "KivyxOta.h"
#import "KivyxOtaModule.h"

#import <React/RCTAssert.h>

#include <Block.h>
#include <objc/runtime.h>
#include <stdio.h>
#include <string.h>

static RCTFatalHandler fatalHandler;
static int reloads;

void RCTRegisterModule(Class moduleClass) { (void)moduleClass; }
RCTFatalHandler RCTGetFatalHandler(void) { return fatalHandler; }
void RCTSetFatalHandler(RCTFatalHandler handler) { fatalHandler = Block_copy(handler); }
void RCTTriggerReloadCommandListeners(NSString *reason) {
  (void)reason;
  reloads++;
}
dispatch_queue_t dispatch_queue_create(const char *label, dispatch_queue_t attributes) {
  (void)label, (void)attributes;
  return [[NSObject alloc] init];
}
dispatch_queue_t dispatch_get_main_queue(void) { return nil; }
void dispatch_async(dispatch_queue_t queue, dispatch_block_t block) {
  (void)queue;
  block();
}

static void say(NSString *line) {
  @synchronized([KivyxOtaModule class]) {
    printf("%s\n", [line UTF8String]);
    fflush(stdout);
  }
}

static NSString *encode(id value) {
  NSMutableString *out = [NSMutableString string];
  for (const unsigned char *at = (const unsigned char *)[[value description] UTF8String]; *at != 0; at++)
    [out appendFormat:@"%%%02X", *at];
  return out;
}

static NSString *valueOf(id value) {
  if (value == nil || value == [NSNull null]) return @"n";
  if ([value isKindOfClass:[NSString class]]) return [@"s" stringByAppendingString:encode(value)];
  if ([value isKindOfClass:[NSNumber class]]) {
    BOOL isBool = strcmp([value objCType], @encode(BOOL)) == 0;
    return isBool ? ([value boolValue] ? @"btrue" : @"bfalse") : [@"d" stringByAppendingString:[value stringValue]];
  }
  NSMutableString *out = [NSMutableString stringWithString:@"a"];
  BOOL isMap = [value isKindOfClass:[NSDictionary class]];
  for (id one in value) {
    [out appendFormat:@"%@,", encode(one)];
    if (isMap) [out appendFormat:@"%@,", encode([value objectForKey:one])];
  }
  return out;
}

@interface Events : NSObject <KVXDownloadEvents>
@end
@implementation Events
- (void)emitOnDownload:(NSDictionary *)event {
  say([NSString stringWithFormat:@"event %lld %lld", [[event objectForKey:@"id"] longLongValue],
                                 [[event objectForKey:@"sizeBytes"] longLongValue]]);
}
@end

/**
 * gcc's runtime knows no blocks in what it reads (`@?`): here they are objects, and `isBlock` says which arguments are. Every type of the spec
 * is one letter.
 */
static NSMethodSignature *signatureOf(SEL selector, NSMutableArray *isBlock) {
  const char *at = method_getTypeEncoding(class_getInstanceMethod([KivyxOtaModule class], selector));
  NSMutableString *types = [NSMutableString string];
  while (*at != 0) {
    BOOL block = strncmp(at, "@?", 2) == 0;
    [types appendFormat:@"%c", *at];
    // The first one is what it returns.
    if ([types length] > 1) [isBlock addObject:[NSNumber numberWithBool:block]];
    at += block ? 2 : 1;
    while (*at >= '0' && *at <= '9') at++;
  }
  return [NSMethodSignature signatureWithObjCTypes:[types UTF8String]];
}

static void call(KivyxOtaModule *module, NSArray *selectors, NSArray *words) {
  NSString *number = [words objectAtIndex:0];
  NSString *wanted = [words objectAtIndex:1];
  if ([wanted isEqualToString:@"reloads"]) {
    say([NSString stringWithFormat:@"%@ ok d%d", number, reloads]);
    return;
  }
  SEL selector = NULL;
  for (NSString *one in selectors)
    if ([[[one componentsSeparatedByString:@":"] objectAtIndex:0] isEqualToString:wanted]) selector = NSSelectorFromString(one);
  NSMutableArray *isBlock = [NSMutableArray array];
  NSMethodSignature *signature = signatureOf(selector, isBlock);
  NSInvocation *invocation = [NSInvocation invocationWithMethodSignature:signature];
  [invocation setTarget:module];
  [invocation setSelector:selector];
  RCTPromiseResolveBlock resolve = Block_copy(^(id value) { say([NSString stringWithFormat:@"%@ ok %@", number, valueOf(value)]); });
  RCTPromiseRejectBlock reject = Block_copy(^(NSString *code, NSString *message, NSError *error) {
    (void)error;
    say([NSString stringWithFormat:@"%@ failed %@ %@", number, code, encode(message)]);
  });
  [number retain];
  NSUInteger given = 2;
  BOOL isResolved = NO;
  for (NSUInteger i = 2; i < [signature numberOfArguments]; i++) {
    const char *type = [signature getArgumentTypeAtIndex:i];
    NSString *word = given < [words count] ? [words objectAtIndex:given] : @"";
    if ([[isBlock objectAtIndex:i] boolValue]) {
      [invocation setArgument:isResolved ? (void *)&reject : (void *)&resolve atIndex:(NSInteger)i];
      isResolved = YES;
    } else if (type[0] == 'd') {
      double value = [word doubleValue];
      [invocation setArgument:&value atIndex:(NSInteger)i];
      given++;
    } else {
      id value = [word stringByReplacingPercentEscapesUsingEncoding:NSUTF8StringEncoding];
      // The only list: headers, the third word of a download.
      if ([wanted isEqualToString:@"download"] && given == 4) {
        NSMutableArray *list = [NSMutableArray array];
        if ([word length] > 0)
          for (NSString *one in [word componentsSeparatedByString:@","])
            [list addObject:[one stringByReplacingPercentEscapesUsingEncoding:NSUTF8StringEncoding]];
        value = list;
      }
      [invocation setArgument:&value atIndex:(NSInteger)i];
      given++;
    }
  }
  [invocation invoke];
  if (isResolved) return;
  id result = nil;
  if ([signature methodReturnLength] > 0) [invocation getReturnValue:&result];
  say([NSString stringWithFormat:@"%@ ok %@", number, valueOf(result)]);
}

int main(int argc, char **argv) {
  NSAutoreleasePool *outer = [[NSAutoreleasePool alloc] init];
  say([NSString stringWithFormat:@"path %@", [[KivyxOta bundleURL] path]]);
  KivyxOtaModule *module = [[KivyxOtaModule alloc] init];
  module.emitter = [[[Events alloc] init] autorelease];
  NSMutableArray *selectors = [NSMutableArray array];
  for (int i = 1; i < argc; i++) [selectors addObject:[NSString stringWithUTF8String:argv[i]]];
  static char line[1 << 22];
  while (fgets(line, sizeof line, stdin) != NULL) {
    NSAutoreleasePool *pool = [[NSAutoreleasePool alloc] init];
    line[strcspn(line, "\n")] = 0;
    call(module, selectors, [[NSString stringWithUTF8String:line] componentsSeparatedByString:@" "]);
    [pool release];
  }
  [module release];
  [outer release];
  return 0;
}
