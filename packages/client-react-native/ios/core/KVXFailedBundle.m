#import "KVXFailedBundle.h"

@implementation KVXFailedBundle
@synthesize sha256Hex = _sha256Hex;
@synthesize byCrash = _byCrash;
@synthesize versionCode = _versionCode;
@synthesize retryToken = _retryToken;

+ (KVXFailedBundle *)bundle:(NSString *)sha256Hex
                    byCrash:(BOOL)byCrash
                versionCode:(long long)versionCode
                 retryToken:(long long)retryToken {
  KVXFailedBundle *out = [[[self alloc] init] autorelease];
  out->_sha256Hex = [sha256Hex copy];
  out->_byCrash = byCrash;
  out->_versionCode = versionCode;
  out->_retryToken = retryToken;
  return out;
}

- (void)dealloc {
  [_sha256Hex release];
  [super dealloc];
}
@end
