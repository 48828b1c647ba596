#import "KVXCrashSignals.h"

#import "KVXFileBytes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static const int SIGNALS[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
enum { COUNT = sizeof SIGNALS / sizeof SIGNALS[0] };
static struct sigaction before[COUNT];

// The handler may come at any instruction: the new path is complete before it counts, and the old one is not touched.
static char paths[2][PATH_MAX];
static const char *volatile markerPath = NULL;

void KVXSetCrashMarkerPath(const char *path) {
  char *spare = markerPath == paths[0] ? paths[1] : paths[0];
  // A path that is cut off would mark another file.
  if (path == NULL || strlen(path) >= PATH_MAX) {
    markerPath = NULL;
    return;
  }
  memcpy(spare, path, strlen(path) + 1);
  markerPath = spare;
}

static void leaveMarker(void) {
  const char *path = markerPath;
  if (path == NULL) return;
  int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return;
  if (write(descriptor, "1", 1) == 1) KVXFlush(descriptor);
  close(descriptor);
}

static void onSignal(int number, siginfo_t *info, void *context) {
  int saved = errno;
  leaveMarker();
  errno = saved;
  struct sigaction *old = NULL;
  for (int i = 0; i < COUNT; i++) {
    if (SIGNALS[i] == number) old = &before[i];
  }
  if (old == NULL) return;
  if ((old->sa_flags & SA_SIGINFO) != 0) {
    old->sa_sigaction(number, info, context);
  } else if (old->sa_handler == SIG_DFL) {
    // Blocked until this handler returns; then the process dies as it would have.
    sigaction(number, old, NULL);
    raise(number);
  } else if (old->sa_handler != SIG_IGN) {
    old->sa_handler(number);
  }
}

void KVXCatchCrashSignals(void) {
  static int isCaught = 0;
  if (isCaught) return;
  isCaught = 1;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = onSignal;
  // On the stack for signals, where the thread has one: a stack that overflowed has no room for a handler.
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < COUNT; i++) sigaction(SIGNALS[i], &action, &before[i]);
}
