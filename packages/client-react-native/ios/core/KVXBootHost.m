#import "KVXBootHost.h"

#import "KVXBootRecordCodec.h"
#import "KVXBootRunner.h"
#import "KVXBootSnapshot.h"
#import "KVXFileBytes.h"
#import "KVXMarker.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

static const int NO_LOCK = -1;

@implementation KVXBootHost
- (id)initWithDirectory:(NSString *)directory
               binaryId:(NSString *)binaryId
    embeddedVersionCode:(long long)embeddedVersionCode {
  self = [super init];
  if (self != nil) {
    _directory = [directory copy];
    _binaryId = [binaryId copy];
    _embeddedVersionCode = embeddedVersionCode;
    _files = [[KVXDirectoryRecordFiles alloc] initWithDirectory:directory];
    _bundles = [[KVXBundleFolders alloc] initWithDirectory:directory];
    _lock = NO_LOCK;
  }
  return self;
}

- (void)dealloc {
  if (_lock != NO_LOCK) close(_lock);
  [_directory release];
  [_binaryId release];
  [_files release];
  [_bundles release];
  [_decision release];
  [super dealloc];
}

/** The lock file stays open, and locked, until the process ends. */
- (BOOL)holdsLock {
  if (_lock != NO_LOCK) return YES;
  NSString *path = [_directory stringByAppendingPathComponent:@"lock"];
  int descriptor = open([path fileSystemRepresentation], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  // A disk on which no lock can be made takes no record either: what follows is a launch that writes nothing.
  if (descriptor < 0) return YES;
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
    _lock = descriptor;
    return YES;
  }
  BOOL isHeld = errno == EWOULDBLOCK;
  close(descriptor);
  return !isHeld;
}

- (KVXBootDecision *)decide {
  // Fails on a full disk, or when it is there; then nothing can be read or written, and the embedded bundle runs.
  [[NSFileManager defaultManager] createDirectoryAtPath:_directory
                            withIntermediateDirectories:YES
                                             attributes:nil
                                                  error:NULL];
  KVXBootEnvironment environment = {_binaryId, _embeddedVersionCode, [self holdsLock], _bundles};
  return KVXRunBoot(_files, environment);
}

- (KVXBootDecision *)decision {
  @synchronized(self) {
    if (_decision == nil) _decision = [[self decide] retain];
    return [[_decision retain] autorelease];
  }
}

- (NSString *)bundlePath {
  KVXBootDecision *decision = [self decision];
  return [decision.sha256Hex length] == 0 ? nil : [_bundles launchFile:decision.sha256Hex];
}

- (NSDictionary *)snapshotOf:(KVXBootDecision *)launched {
  KVXSlotReading *boot[2];
  for (int i = 0; i < 2; i++) boot[i] = KVXReadSlot(_files, KVXBootSlots[i], KVXReadBootRecord);
  return KVXBootSnapshot(launched, _binaryId, _embeddedVersionCode, boot);
}

- (BOOL)isConfirmed {
  KVXSlotReading *intent[2];
  for (int i = 0; i < 2; i++) intent[i] = KVXReadSlot(_files, KVXIntentSlots[i], KVXReadIntentRecord);
  return KVXWanted(intent).acknowledgedLaunchId == [self decision].launchId;
}

- (NSString *)markerPath:(NSString *)kind {
  long long launchId = [self decision].launchId;
  if (launchId <= 0) return nil;
  return [_directory stringByAppendingPathComponent:KVXMarkerName(kind, launchId)];
}

- (void)mark:(NSString *)kind {
  NSString *path = [self markerPath:kind];
  if (path == nil) return;
  int descriptor = open([path fileSystemRepresentation], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  // One that cannot be left makes the end count as one without evidence; a handler has nobody to tell.
  if (descriptor < 0) return;
  if (write(descriptor, "1", 1) == 1) KVXFlush(descriptor);
  close(descriptor);
}

- (void)unmark:(NSString *)kind {
  NSString *path = [self markerPath:kind];
  // One that stays makes a later end count as neutral: the weakest of all evidence.
  if (path != nil) unlink([path fileSystemRepresentation]);
}

- (void)prepareReload {
  @synchronized(self) {
    [self mark:KVXMarkerBackground];
    [_decision release];
    _decision = [[self decide] retain];
  }
}
@end
