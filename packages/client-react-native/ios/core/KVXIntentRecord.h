#import "KVXSlotReading.h"

/** What JavaScript asks the next boot for (`intent.0`, `intent.1`). Written by JavaScript only. */
@interface KVXIntentRecord : NSObject {
  long long _sequence, _requestId, _versionCode, _retryToken, _acknowledgedLaunchId;
  NSString *_stage, *_binaryId;
  BOOL _directive;
}
@property(nonatomic, assign) long long sequence;
/** Identifies the request below; the boot code consumes each id once. */
@property(nonatomic, assign) long long requestId;
/** The bundle to run next, `embedded` (directive only), or empty: no request, or a withdrawn one. */
@property(nonatomic, copy) NSString *stage;
@property(nonatomic, assign) long long versionCode;
/** The binary the request was made under. */
@property(nonatomic, copy) NSString *binaryId;
/** YES when a signed rollback directive demands it: the version may go down. */
@property(nonatomic, assign) BOOL directive;
/** The release's retry token in the signed index; 0 when it has none. */
@property(nonatomic, assign) long long retryToken;
/** Highest launch id that JavaScript confirmed. */
@property(nonatomic, assign) long long acknowledgedLaunchId;

/** What a device that never asked for anything has. */
+ (KVXIntentRecord *)empty;
@end

/** Untrusted bytes of an intent slot: magic `OTAI1`, eight lines, checksum. */
KVXSlotReading *KVXReadIntentRecord(NSData *data);
/** Nil when a value has no spelling. */
NSData *KVXWriteIntentRecord(KVXIntentRecord *record);
