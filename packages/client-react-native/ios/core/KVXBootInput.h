#import "KVXBootRecord.h"
#import "KVXIntentRecord.h"
#import "KVXSlotReading.h"

@protocol KVXIntactCheck
/** YES when the launch file of that bundle is there and has the hash of its name. Asked only for bundles that matter. */
- (BOOL)isIntact:(NSString *)sha256Hex;
@end

/** What a boot needs to know besides the files. */
typedef struct {
  /** The installed binary: store version, install or update time, hash of the embedded bundle. */
  NSString *binaryId;
  long long embeddedVersionCode;
  /** NO when another process of the app is booting or running with these files. */
  BOOL lockAcquired;
  id<KVXIntactCheck> intact;
} KVXBootEnvironment;

/** Everything that a decision may depend on. Not retained: it lives as long as the boot that reads it. */
typedef struct {
  KVXSlotReading *boot[2];
  KVXSlotReading *intent[2];
  /** Of KVXMarker; nil when the folder cannot be listed. */
  NSArray *markers;
  KVXBootEnvironment environment;
} KVXBootInput;

extern NSString *const KVXBootSlots[2];
extern NSString *const KVXIntentSlots[2];

BOOL KVXInputIsLocked(const KVXBootInput *input);
/** A newer intent does not count: it is JavaScript's record, and an older JavaScript will replace it. */
BOOL KVXInputIsNewer(const KVXBootInput *input);
/** Index of the newest valid boot slot; -1 for none. */
int KVXNewestBoot(KVXSlotReading *const boot[2]);
/** The newest valid intent, or one that asks for nothing. */
KVXIntentRecord *KVXWanted(KVXSlotReading *const intent[2]);
