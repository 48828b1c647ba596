#import "KVXBootRecord.h"
#import "KVXFailedBundle.h"

// The `failed` line, and the rules of the list it stands for.

/** Nil for what is no such list. */
NSArray *KVXParseFailed(NSString *text);
/** Nil for a list that cannot be written. */
NSString *KVXFormatFailed(NSArray *failed);
/** Nil when that bundle has not failed. */
KVXFailedBundle *KVXFindFailed(NSArray *failed, NSString *sha256Hex);
/** Adds the current bundle. Above the cap the lowest version is evicted and stands refused by number from then on. */
void KVXRememberCurrent(KVXBootRecord *draft);
/**
 * A bundle on probation that is replaced or lost takes its counters with it. If it has crashed or vanished once it counts as failed:
 * else the same bytes, published again, would get new budgets.
 */
void KVXKeepEvidence(KVXBootRecord *draft);
void KVXForgetFailed(KVXBootRecord *draft, NSString *sha256Hex);
