#import "KVXBootDecision.h"
#import "KVXRecordFiles.h"

/** What happens between two boots: the app confirms, crashes, is sent away, asks for something, or just vanishes. */
void PhoneLive(NSString *directory, NSString *binaryId, id<KVXRecordFiles> files, KVXBootDecision *decision);
