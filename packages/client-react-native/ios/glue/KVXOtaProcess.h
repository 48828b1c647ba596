#import "KVXBootDecision.h"

/** What this process of the app knows of its launch. There is one of it. */
@interface KVXOtaProcess : NSObject
/** Of the records and of everything that is downloaded. */
+ (NSString *)directory;
/** Decides what is launched, at the first call; nil for the bundle in the app. Never raises. */
+ (NSString *)bundlePath;
/**
 * What runs, as far as was decided. Only who is about to launch decides: a bundle that nobody launches must not count.
 */
+ (KVXBootDecision *)launched;
/** `BootSnapshot` of the client, as JSON. */
+ (NSString *)snapshotOf:(KVXBootDecision *)launched;
/** Evidence that this launch crashed. Never raises. */
+ (void)markCrash;
/** This launch ends because somebody wants it to, and what follows is decided anew, for a reload in this process. */
+ (void)prepareReload;
@end
