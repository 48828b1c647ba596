#import "KVXBootRecord.h"
#import "KVXSlotReading.h"

// Bytes of a boot slot: magic `OTAB1`, twenty lines, checksum.

/** Untrusted bytes in. */
KVXSlotReading *KVXReadBootRecord(NSData *data);
/** Nil when a value has no spelling or two contradict each other. */
NSData *KVXWriteBootRecord(KVXBootRecord *record);
