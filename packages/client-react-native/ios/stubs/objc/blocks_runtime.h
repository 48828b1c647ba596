// Comes with GNUstep's own Objective-C runtime, not with gcc's.
