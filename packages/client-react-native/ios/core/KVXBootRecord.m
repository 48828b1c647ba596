#import "KVXBootRecord.h"

@implementation KVXBootRecord
@synthesize sequence = _sequence;
@synthesize binaryId = _binaryId;
@synthesize highestVersionCode = _highestVersionCode;
@synthesize rejectUpTo = _rejectUpTo;
@synthesize requestId = _requestId;
@synthesize currentSha256Hex = _currentSha256Hex;
@synthesize currentVersionCode = _currentVersionCode;
@synthesize currentState = _currentState;
@synthesize currentRetryToken = _currentRetryToken;
@synthesize crashes = _crashes;
@synthesize unknowns = _unknowns;
@synthesize neutrals = _neutrals;
@synthesize goodSha256Hex = _goodSha256Hex;
@synthesize goodVersionCode = _goodVersionCode;
@synthesize previousSha256Hex = _previousSha256Hex;
@synthesize previousVersionCode = _previousVersionCode;
@synthesize lostSha256Hex = _lostSha256Hex;
@synthesize launchId = _launchId;
@synthesize launchSha256Hex = _launchSha256Hex;
@synthesize failed = _failed;

+ (KVXBootRecord *)emptyWithBinaryId:(NSString *)binaryId embeddedVersionCode:(long long)embeddedVersionCode {
  KVXBootRecord *out = [[[self alloc] init] autorelease];
  out.binaryId = binaryId;
  out.highestVersionCode = embeddedVersionCode;
  out.currentSha256Hex = @"";
  out.currentState = @"";
  out.goodSha256Hex = @"";
  out.previousSha256Hex = @"";
  out.lostSha256Hex = @"";
  out.launchSha256Hex = @"";
  out.failed = [NSArray array];
  return out;
}

- (KVXBootRecord *)draft {
  KVXBootRecord *out = [KVXBootRecord emptyWithBinaryId:_binaryId embeddedVersionCode:_highestVersionCode];
  out.sequence = _sequence;
  out.rejectUpTo = _rejectUpTo;
  out.requestId = _requestId;
  out.currentSha256Hex = _currentSha256Hex;
  out.currentVersionCode = _currentVersionCode;
  out.currentState = _currentState;
  out.currentRetryToken = _currentRetryToken;
  out.crashes = _crashes;
  out.unknowns = _unknowns;
  out.neutrals = _neutrals;
  out.goodSha256Hex = _goodSha256Hex;
  out.goodVersionCode = _goodVersionCode;
  out.previousSha256Hex = _previousSha256Hex;
  out.previousVersionCode = _previousVersionCode;
  out.lostSha256Hex = _lostSha256Hex;
  out.launchId = _launchId;
  out.launchSha256Hex = _launchSha256Hex;
  out.failed = _failed;
  return out;
}

- (void)dealloc {
  [_binaryId release];
  [_currentSha256Hex release];
  [_currentState release];
  [_goodSha256Hex release];
  [_previousSha256Hex release];
  [_lostSha256Hex release];
  [_launchSha256Hex release];
  [_failed release];
  [super dealloc];
}
@end
