#import <Foundation/Foundation.h>

/** Everything that the boot code remembers (`boot.0`, `boot.1`). Written by the boot code only. */
@interface KVXBootRecord : NSObject {
  long long _sequence, _highestVersionCode, _rejectUpTo, _requestId, _currentVersionCode, _currentRetryToken;
  long long _crashes, _unknowns, _neutrals, _goodVersionCode, _previousVersionCode, _launchId;
  NSString *_binaryId, *_currentSha256Hex, *_currentState, *_goodSha256Hex, *_previousSha256Hex;
  NSString *_lostSha256Hex, *_launchSha256Hex;
  NSArray *_failed;
}
/** Rises by one with every write; also the source of launch ids. */
@property(nonatomic, assign) long long sequence;
/** Which installed binary this is about. */
@property(nonatomic, copy) NSString *binaryId;
/** Highest version code ever accepted under this binary, at least the embedded one. */
@property(nonatomic, assign) long long highestVersionCode;
/** Version codes up to this are refused although their hash is not in `failed`: it was evicted. */
@property(nonatomic, assign) long long rejectUpTo;
/** Last consumed request of the intent record. */
@property(nonatomic, assign) long long requestId;
/** The bundle to run; empty for the embedded one. */
@property(nonatomic, copy) NSString *currentSha256Hex;
@property(nonatomic, assign) long long currentVersionCode;
/** `P` never confirmed, `H` confirmed, empty for the embedded bundle. */
@property(nonatomic, copy) NSString *currentState;
@property(nonatomic, assign) long long currentRetryToken;
@property(nonatomic, assign) long long crashes;
@property(nonatomic, assign) long long unknowns;
@property(nonatomic, assign) long long neutrals;
/** Last confirmed bundle: the current one when that is `H`. */
@property(nonatomic, copy) NSString *goodSha256Hex;
@property(nonatomic, assign) long long goodVersionCode;
/** The confirmed bundle before good. */
@property(nonatomic, copy) NSString *previousSha256Hex;
@property(nonatomic, assign) long long previousVersionCode;
/** Lost to disk damage while nothing was held against it: it may be installed again. */
@property(nonatomic, copy) NSString *lostSha256Hex;
/** The launch whose outcome is not known yet; 0 for none. */
@property(nonatomic, assign) long long launchId;
@property(nonatomic, copy) NSString *launchSha256Hex;
/** Of KVXFailedBundle. */
@property(nonatomic, copy) NSArray *failed;

/** A record with nothing in it, for a binary that has never booted here. */
+ (KVXBootRecord *)emptyWithBinaryId:(NSString *)binaryId embeddedVersionCode:(long long)embeddedVersionCode;
/** Another record with the same values. */
- (KVXBootRecord *)draft;
@end
