#import "KVXBootRecord.h"

/** One step of a decision, with the bundle it is about. Codes are stable: telemetry sends them. */
@interface KVXBootReason : NSObject {
  NSString *_code;
  NSString *_sha256Hex;
}
@property(nonatomic, readonly) NSString *code;
/** Empty when it is about no bundle. */
@property(nonatomic, readonly) NSString *sha256Hex;

+ (KVXBootReason *)code:(NSString *)code about:(NSString *)sha256Hex;
@end

/** What to write, to remove and to launch, in this order. */
@interface KVXBootDecision : NSObject {
  NSString *_sha256Hex, *_slot;
  long long _versionCode, _launchId;
  BOOL _pending;
  KVXBootRecord *_record;
  NSArray *_deletes, *_reasons;
}
/** The bundle to launch; empty for the embedded one. */
@property(nonatomic, readonly) NSString *sha256Hex;
@property(nonatomic, readonly) long long versionCode;
@property(nonatomic, readonly) BOOL pending;
/** 0 when nothing could be written: then nothing can be confirmed either. Also 0 for the embedded bundle. */
@property(nonatomic, readonly) long long launchId;
/** To be written durably into `slot` before anything is launched; nil: change nothing at all. */
@property(nonatomic, readonly) KVXBootRecord *record;
@property(nonatomic, readonly) NSString *slot;
/** Names of consumed markers, to be removed after the write has succeeded. */
@property(nonatomic, readonly) NSArray *deletes;
/** Of KVXBootReason, in the order in which things happened. */
@property(nonatomic, readonly) NSArray *reasons;

/** Launches the current bundle of `record` after writing it. */
+ (KVXBootDecision *)launch:(KVXBootRecord *)record
                       slot:(NSString *)slot
                    deletes:(NSArray *)deletes
                    reasons:(NSArray *)reasons;
/** Launches the current bundle of `record`, which is not written. */
+ (KVXBootDecision *)launchReadOnly:(KVXBootRecord *)record reasons:(NSArray *)reasons;
+ (KVXBootDecision *)embedded:(NSString *)code;
@end
