#import "KVXBootRecord.h"

// The moves between current, good and previous.

void KVXSetCurrent(KVXBootRecord *draft, NSString *sha256Hex, long long versionCode, NSString *state);
void KVXSetGood(KVXBootRecord *draft, NSString *sha256Hex, long long versionCode);
void KVXSetPrevious(KVXBootRecord *draft, NSString *sha256Hex, long long versionCode);
void KVXClearCounters(KVXBootRecord *draft);
/** Gives the current bundle up: good, else the one before, else embedded. Neither is taken if it failed. */
void KVXLeaveCurrent(KVXBootRecord *draft);
