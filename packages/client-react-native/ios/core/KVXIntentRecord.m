#import "KVXIntentRecord.h"

#import "KVXFields.h"
#import "KVXLineReader.h"
#import "KVXLineWriter.h"
#import "KVXTextRecord.h"

@implementation KVXIntentRecord
@synthesize sequence = _sequence;
@synthesize requestId = _requestId;
@synthesize stage = _stage;
@synthesize versionCode = _versionCode;
@synthesize binaryId = _binaryId;
@synthesize directive = _directive;
@synthesize retryToken = _retryToken;
@synthesize acknowledgedLaunchId = _acknowledgedLaunchId;

+ (KVXIntentRecord *)empty {
  KVXIntentRecord *out = [[[self alloc] init] autorelease];
  out.stage = @"";
  out.binaryId = @"";
  return out;
}

- (void)dealloc {
  [_stage release];
  [_binaryId release];
  [super dealloc];
}
@end

static BOOL isStage(NSString *text) { return [text isEqualToString:@"embedded"] || KVXIsHashOrEmpty(text); }

static KVXIntentRecord *parse(KVXLineReader *in) {
  KVXIntentRecord *out = [KVXIntentRecord empty];
  out.sequence = [in integer:@"seq"];
  out.requestId = [in integer:@"rid"];
  out.stage = [in text:@"stage"];
  if (!isStage(out.stage)) [in refuse:@"stage"];
  out.versionCode = [in integer:@"vc"];
  out.binaryId = [in binaryId:@"bin"];
  NSString *flag = [in text:@"dir"];
  out.directive = [flag isEqualToString:@"1"];
  if (!out.directive && ![flag isEqualToString:@"0"]) [in refuse:@"dir"];
  out.retryToken = [in integer:@"tok"];
  out.acknowledgedLaunchId = [in integer:@"ack"];
  return out;
}

KVXSlotReading *KVXReadIntentRecord(NSData *data) {
  NSString *version = KVXSchemaVersion(@"OTAI", data);
  if (version == nil) return [KVXSlotReading corrupt:@"the first line is not its magic"];
  if (![version isEqualToString:@"1"]) return [KVXSlotReading newerSchema:version];
  NSString *why = nil;
  NSArray *lines = KVXOpenRecord(data, 8, &why);
  if (lines == nil) return [KVXSlotReading corrupt:why];
  KVXLineReader *in = [[[KVXLineReader alloc] initWithLines:lines] autorelease];
  KVXIntentRecord *record = parse(in);
  return in.why == nil ? [KVXSlotReading recordReading:record] : [KVXSlotReading corrupt:in.why];
}

NSData *KVXWriteIntentRecord(KVXIntentRecord *record) {
  KVXLineWriter *out = [[[KVXLineWriter alloc] initWithMagicLine:@"OTAI1"] autorelease];
  [out integer:@"seq" value:record.sequence];
  [out integer:@"rid" value:record.requestId];
  [out text:@"stage" value:isStage(record.stage) ? record.stage : nil];
  [out integer:@"vc" value:record.versionCode];
  [out binaryId:@"bin" value:record.binaryId];
  [out text:@"dir" value:record.directive ? @"1" : @"0"];
  [out integer:@"tok" value:record.retryToken];
  [out integer:@"ack" value:record.acknowledgedLaunchId];
  return [out seal];
}
