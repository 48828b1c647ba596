#import <Foundation/Foundation.h>

/** A bundle that used up a budget under this binary. */
@interface KVXFailedBundle : NSObject {
  NSString *_sha256Hex;
  BOOL _byCrash;
  long long _versionCode;
  long long _retryToken;
}
@property(nonatomic, readonly) NSString *sha256Hex;
/** YES after a crash or timeout: final. NO: only exits without evidence; may be retried once per token. */
@property(nonatomic, readonly) BOOL byCrash;
@property(nonatomic, readonly) long long versionCode;
/** The retry token under which it failed; only a higher one allows another try. */
@property(nonatomic, readonly) long long retryToken;

+ (KVXFailedBundle *)bundle:(NSString *)sha256Hex
                    byCrash:(BOOL)byCrash
                versionCode:(long long)versionCode
                 retryToken:(long long)retryToken;
@end
