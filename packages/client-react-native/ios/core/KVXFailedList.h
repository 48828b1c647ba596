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
void KVXForgetFailed(KVXBootRecord *draft, NSString *sha256Hex);
