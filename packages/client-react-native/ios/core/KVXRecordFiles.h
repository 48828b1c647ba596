#import "KVXSlotReading.h"

/** The few files that the boot code works on. */
@protocol KVXRecordFiles
/** NSData (never more than the first 4,097 bytes), absent, or locked for anything that is there and cannot be read now. */
- (KVXSlotReading *)read:(NSString *)name;
/**
 * Replaces `name` whole. YES: the new content survives power loss. NO: either the old or the new content is there, or the file is
 * torn. It touches no other record.
 */
- (BOOL)writeDurable:(NSString *)name data:(NSData *)data;
/** Removes a file; absent is fine. */
- (void)remove:(NSString *)name;
/** The names in the records' folder; nil when it cannot be listed now. */
- (NSArray *)list;
@end
