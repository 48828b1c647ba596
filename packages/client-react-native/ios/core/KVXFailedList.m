#import "KVXFailedList.h"

#import "KVXFields.h"
#import "KVXLimits.h"
#import "KVXSha256.h"

static KVXFailedBundle *parseEntry(NSString *entry) {
  NSArray *parts = [entry componentsSeparatedByString:@":"];
  if ([parts count] != 4 || !KVXIsSha256Hex([parts objectAtIndex:0])) return nil;
  BOOL byCrash = [[parts objectAtIndex:1] isEqualToString:@"c"];
  if (!byCrash && ![[parts objectAtIndex:1] isEqualToString:@"u"]) return nil;
  long long versionCode = KVXParseInteger([parts objectAtIndex:2]);
  long long retryToken = KVXParseInteger([parts objectAtIndex:3]);
  if (versionCode < 0 || retryToken < 0) return nil;
  return [KVXFailedBundle bundle:[parts objectAtIndex:0]
                         byCrash:byCrash
                     versionCode:versionCode
                      retryToken:retryToken];
}

NSArray *KVXParseFailed(NSString *text) {
  NSMutableArray *out = [NSMutableArray array];
  if ([text length] == 0) return out;
  NSArray *entries = [text componentsSeparatedByString:@","];
  if ([entries count] > KVX_FAILED_MAX_ENTRIES) return nil;
  for (NSString *entry in entries) {
    KVXFailedBundle *bundle = parseEntry(entry);
    if (bundle == nil || KVXFindFailed(out, bundle.sha256Hex) != nil) return nil;
    [out addObject:bundle];
  }
  return out;
}

NSString *KVXFormatFailed(NSArray *failed) {
  NSMutableArray *entries = [NSMutableArray array];
  for (KVXFailedBundle *one in failed) {
    [entries addObject:[NSString stringWithFormat:@"%@:%@:%lld:%lld", one.sha256Hex, one.byCrash ? @"c" : @"u",
                                                  one.versionCode, one.retryToken]];
  }
  NSString *text = [entries componentsJoinedByString:@","];
  return KVXParseFailed(text) == nil ? nil : text;
}

KVXFailedBundle *KVXFindFailed(NSArray *failed, NSString *sha256Hex) {
  for (KVXFailedBundle *one in failed) {
    if ([one.sha256Hex isEqualToString:sha256Hex]) return one;
  }
  return nil;
}

void KVXForgetFailed(KVXBootRecord *draft, NSString *sha256Hex) {
  KVXFailedBundle *before = KVXFindFailed(draft.failed, sha256Hex);
  if (before == nil) return;
  NSMutableArray *failed = [NSMutableArray arrayWithArray:draft.failed];
  [failed removeObjectIdenticalTo:before];
  draft.failed = failed;
}

void KVXRememberCurrent(KVXBootRecord *draft) {
  KVXForgetFailed(draft, draft.currentSha256Hex);
  NSMutableArray *failed = [NSMutableArray arrayWithArray:draft.failed];
  [failed addObject:[KVXFailedBundle bundle:draft.currentSha256Hex
                                    byCrash:draft.crashes > 0
                                versionCode:draft.currentVersionCode
                                 retryToken:draft.currentRetryToken]];
  if ([failed count] > KVX_FAILED_MAX_ENTRIES) {
    NSUInteger lowest = 0;
    for (NSUInteger i = 1; i < [failed count]; i++) {
      KVXFailedBundle *one = [failed objectAtIndex:i];
      if (one.versionCode < [(KVXFailedBundle *)[failed objectAtIndex:lowest] versionCode]) lowest = i;
    }
    long long evicted = [(KVXFailedBundle *)[failed objectAtIndex:lowest] versionCode];
    if (evicted > draft.rejectUpTo) draft.rejectUpTo = evicted;
    [failed removeObjectAtIndex:lowest];
  }
  draft.failed = failed;
}

void KVXKeepEvidence(KVXBootRecord *draft) {
  if ([draft.currentState isEqualToString:@"P"] && draft.crashes + draft.unknowns > 0) KVXRememberCurrent(draft);
}
