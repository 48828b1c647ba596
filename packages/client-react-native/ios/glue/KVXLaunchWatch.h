#import "KVXBootHost.h"

/**
 * Leaves evidence about the running launch from now on: an exception that nobody catches, the background, and the end of the time that an
 * unconfirmed launch has in the foreground. Once per process.
 */
void KVXWatchLaunch(KVXBootHost *host, double pendingTimeoutSeconds);
/** The host decided anew: another launch, with a time of its own. */
void KVXLaunchChanged(void);
/** A hint, no more: something was on the screen since the process began. */
BOOL KVXHasContentAppeared(void);
