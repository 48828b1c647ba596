#import "KVXBootDecision.h"

@implementation KVXBootReason
@synthesize code = _code;
@synthesize sha256Hex = _sha256Hex;

+ (KVXBootReason *)code:(NSString *)code about:(NSString *)sha256Hex {
  KVXBootReason *out = [[[self alloc] init] autorelease];
  out->_code = [code copy];
  out->_sha256Hex = [sha256Hex copy];
  return out;
}

- (void)dealloc {
  [_code release];
  [_sha256Hex release];
  [super dealloc];
}
@end

@implementation KVXBootDecision
@synthesize sha256Hex = _sha256Hex;
@synthesize versionCode = _versionCode;
@synthesize pending = _pending;
@synthesize launchId = _launchId;
@synthesize record = _record;
@synthesize slot = _slot;
@synthesize deletes = _deletes;
@synthesize reasons = _reasons;

+ (KVXBootDecision *)launchReadOnly:(KVXBootRecord *)record reasons:(NSArray *)reasons {
  KVXBootDecision *out = [[[self alloc] init] autorelease];
  out->_sha256Hex = [record.currentSha256Hex copy];
  out->_slot = @"";
  out->_deletes = [[NSArray alloc] init];
  out->_reasons = [reasons copy];
  if ([out->_sha256Hex length] > 0) {
    out->_versionCode = record.currentVersionCode;
    out->_pending = [record.currentState isEqualToString:@"P"];
  }
  return out;
}

+ (KVXBootDecision *)launch:(KVXBootRecord *)record
                       slot:(NSString *)slot
                    deletes:(NSArray *)deletes
                    reasons:(NSArray *)reasons {
  KVXBootDecision *out = [self launchReadOnly:record reasons:reasons];
  out->_launchId = record.launchId;
  out->_record = [record retain];
  out->_slot = [slot copy];
  [out->_deletes release];
  out->_deletes = [deletes copy];
  return out;
}

+ (KVXBootDecision *)embedded:(NSString *)code {
  KVXBootRecord *nothing = [KVXBootRecord emptyWithBinaryId:@"" embeddedVersionCode:0];
  return [self launchReadOnly:nothing reasons:[NSArray arrayWithObject:[KVXBootReason code:code about:@""]]];
}

- (void)dealloc {
  [_sha256Hex release];
  [_slot release];
  [_record release];
  [_deletes release];
  [_reasons release];
  [super dealloc];
}
@end
