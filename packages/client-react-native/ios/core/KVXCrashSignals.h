// Evidence that survives a crash of native code: a signal handler that makes the crash marker's file. It does nothing but what POSIX
// allows in a handler (open, write, fsync, close), on a path that was put together before, and then lets the handler that was there before do
// what it does: crash reporters keep their report.

/** Which file a crash makes from now on; NULL: none. Not to be called from two threads at once. */
void KVXSetCrashMarkerPath(const char *path);
/** Takes the signals by which a process dies of its own fault. Once; later calls do nothing. */
void KVXCatchCrashSignals(void);
