#import "KVXBootDecision.h"
#import "KVXBootInput.h"

/** What to launch after what happened (docs/spec/lifecycle.md). Pure. */
KVXBootDecision *KVXDecideBoot(const KVXBootInput *input);

/**
 * What to launch when the decision's record could not be written: never an unconfirmed bundle, because its launch would not be
 * counted. Nothing may be removed either: the evidence is needed at the next boot.
 */
KVXBootDecision *KVXDecideWithoutWrite(const KVXBootInput *input, KVXBootDecision *decision);
