#import "KVXBootRecordCodec.h"

#import "KVXFailedList.h"
#import "KVXLineReader.h"
#import "KVXLineWriter.h"
#import "KVXTextRecord.h"

static BOOL isState(NSString *text) {
  return [text isEqualToString:@""] || [text isEqualToString:@"P"] || [text isEqualToString:@"H"];
}

static NSString *contradiction(KVXBootRecord *record) {
  BOOL isEmbedded = [record.currentSha256Hex length] == 0;
  if (isEmbedded != ([record.currentState length] == 0)) return @"curst does not fit cur";
  BOOL isClosed = [record.launchSha256Hex length] == 0;
  if (isClosed != (record.launchId == 0)) return @"lhash does not fit lid";
  return record.launchId > record.sequence ? @"lid is larger than seq" : nil;
}

static KVXBootRecord *parse(KVXLineReader *in) {
  KVXBootRecord *out = [KVXBootRecord emptyWithBinaryId:@"" embeddedVersionCode:0];
  out.sequence = [in integer:@"seq"];
  out.binaryId = [in binaryId:@"bin"];
  out.highestVersionCode = [in integer:@"hw"];
  out.rejectUpTo = [in integer:@"rb"];
  out.requestId = [in integer:@"rid"];
  out.currentSha256Hex = [in hash:@"cur"];
  out.currentVersionCode = [in integer:@"curvc"];
  out.currentState = [in text:@"curst"];
  if (!isState(out.currentState)) [in refuse:@"curst"];
  out.currentRetryToken = [in integer:@"curtok"];
  out.crashes = [in integer:@"cc"];
  out.unknowns = [in integer:@"cu"];
  out.neutrals = [in integer:@"cn"];
  out.goodSha256Hex = [in hash:@"good"];
  out.goodVersionCode = [in integer:@"goodvc"];
  out.previousSha256Hex = [in hash:@"prev"];
  out.previousVersionCode = [in integer:@"prevvc"];
  out.lostSha256Hex = [in hash:@"lost"];
  out.launchId = [in integer:@"lid"];
  out.launchSha256Hex = [in hash:@"lhash"];
  out.failed = KVXParseFailed([in text:@"failed"]);
  if (out.failed == nil) [in refuse:@"failed"];
  NSString *problem = contradiction(out);
  if (problem != nil) [in fail:problem];
  return out;
}

KVXSlotReading *KVXReadBootRecord(NSData *data) {
  NSString *version = KVXSchemaVersion(@"OTAB", data);
  if (version == nil) return [KVXSlotReading corrupt:@"the first line is not its magic"];
  if (![version isEqualToString:@"1"]) return [KVXSlotReading newerSchema:version];
  NSString *why = nil;
  NSArray *lines = KVXOpenRecord(data, 20, &why);
  if (lines == nil) return [KVXSlotReading corrupt:why];
  KVXLineReader *in = [[[KVXLineReader alloc] initWithLines:lines] autorelease];
  KVXBootRecord *record = parse(in);
  return in.why == nil ? [KVXSlotReading recordReading:record] : [KVXSlotReading corrupt:in.why];
}

NSData *KVXWriteBootRecord(KVXBootRecord *record) {
  if (!isState(record.currentState) || contradiction(record) != nil) return nil;
  KVXLineWriter *out = [[[KVXLineWriter alloc] initWithMagicLine:@"OTAB1"] autorelease];
  [out integer:@"seq" value:record.sequence];
  [out binaryId:@"bin" value:record.binaryId];
  [out integer:@"hw" value:record.highestVersionCode];
  [out integer:@"rb" value:record.rejectUpTo];
  [out integer:@"rid" value:record.requestId];
  [out hash:@"cur" value:record.currentSha256Hex];
  [out integer:@"curvc" value:record.currentVersionCode];
  [out text:@"curst" value:record.currentState];
  [out integer:@"curtok" value:record.currentRetryToken];
  [out integer:@"cc" value:record.crashes];
  [out integer:@"cu" value:record.unknowns];
  [out integer:@"cn" value:record.neutrals];
  [out hash:@"good" value:record.goodSha256Hex];
  [out integer:@"goodvc" value:record.goodVersionCode];
  [out hash:@"prev" value:record.previousSha256Hex];
  [out integer:@"prevvc" value:record.previousVersionCode];
  [out hash:@"lost" value:record.lostSha256Hex];
  [out integer:@"lid" value:record.launchId];
  [out hash:@"lhash" value:record.launchSha256Hex];
  [out text:@"failed" value:KVXFormatFailed(record.failed)];
  return [out seal];
}
