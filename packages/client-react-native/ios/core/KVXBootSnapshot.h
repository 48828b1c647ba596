#import "KVXBootDecision.h"
#import "KVXSlotReading.h"

/**
 * What JavaScript may know of the boot: `BootSnapshot` of the client, for NSJSONSerialization. `boot`: both slots as they are now; `launched`:
 * what runs where this is asked.
 */
NSDictionary *KVXBootSnapshot(KVXBootDecision *launched, NSString *binaryId, long long embeddedVersionCode,
                              KVXSlotReading *const boot[2]);
