#import <Foundation/Foundation.h>

typedef enum {
  KVXSlotAbsent,
  /** There, but not readable now: before the first unlock, or an I/O error. */
  KVXSlotLocked,
  KVXSlotRecord,
  KVXSlotCorrupt,
  /** Written by a newer version of this code. */
  KVXSlotNewer
} KVXSlotKind;

/** What was found where a file may be: nothing, something unreadable, or a value. */
@interface KVXSlotReading : NSObject {
  KVXSlotKind _kind;
  id _record;
  NSString *_detail;
}
@property(nonatomic, readonly) KVXSlotKind kind;
/** Not nil when and only when the kind is KVXSlotRecord: NSData for bytes, else a boot or intent record. */
@property(nonatomic, readonly) id record;
/** Why it is corrupt, or the schema number of a newer one. */
@property(nonatomic, readonly) NSString *detail;

+ (KVXSlotReading *)absent;
+ (KVXSlotReading *)locked;
+ (KVXSlotReading *)recordReading:(id)record;
+ (KVXSlotReading *)corrupt:(NSString *)why;
+ (KVXSlotReading *)newerSchema:(NSString *)version;
@end
