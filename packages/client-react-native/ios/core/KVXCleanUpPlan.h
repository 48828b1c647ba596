#import "KVXSlotReading.h"

/**
 * Which entries of `bundles/` no boot can come to need. Both slots of both records are respected, because a torn write or a bad sector
 * makes the older one count again; without any boot record, or with one that cannot be read now, nothing is removable.
 */
NSArray *KVXRemovableBundles(KVXSlotReading *const boot[2], KVXSlotReading *const intent[2], NSArray *bundles,
                             NSArray *inUse);
