#import <Foundation/Foundation.h>

extern NSString *const KVXExitConfirmed;
extern NSString *const KVXExitCrashed;
extern NSString *const KVXExitTimedOut;
extern NSString *const KVXExitNeutral;
extern NSString *const KVXExitUnknown;

/**
 * What is known about how a launch ended. A confirmation beats a crash (it worked, then something happened), a crash beats being in
 * the background, and no evidence at all is the trace of a kill, a hang or a power cut. `markers`: of KVXMarker.
 */
NSString *KVXClassifyExit(long long launchId, long long acknowledgedLaunchId, NSArray *markers);
