#import "KVXBootInput.h"

/** Consumes the standing request, once. `reasons`: gets KVXBootReason. */
void KVXConsumeRequest(KVXBootRecord *draft, KVXIntentRecord *wanted, const KVXBootEnvironment *environment,
                       NSMutableArray *reasons);
