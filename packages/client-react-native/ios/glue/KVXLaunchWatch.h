#import "KVXBootHost.h"

/** Leaves evidence about the running launch from now on: an exception that nobody catches, the background. Once per process. */
void KVXWatchLaunch(KVXBootHost *host);
