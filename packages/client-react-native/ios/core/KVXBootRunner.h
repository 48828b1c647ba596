#import "KVXBootDecision.h"
#import "KVXBootInput.h"
#import "KVXRecordFiles.h"

/**
 * One boot: reads, decides, writes the record, removes consumed markers, in the only safe order. Never raises: whatever goes wrong, the
 * embedded bundle is launched. Call it once per process, before any JavaScript of a bundle runs, and launch what it says.
 */
KVXBootDecision *KVXRunBoot(id<KVXRecordFiles> files, KVXBootEnvironment environment);

/** What a file comes to when it is read as a record: `KVXReadBootRecord` or `KVXReadIntentRecord`. */
KVXSlotReading *KVXReadSlot(id<KVXRecordFiles> files, NSString *name, KVXSlotReading *(*parse)(NSData *));
