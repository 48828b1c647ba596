#import "KVXBootInput.h"

/**
 * Turns what is known of the open launch into counters, a promotion or a failure. `markers`: of KVXMarker; `reasons`: gets
 * KVXBootReason.
 */
void KVXSettleLaunch(KVXBootRecord *draft, KVXIntentRecord *wanted, NSArray *markers, NSMutableArray *reasons);
