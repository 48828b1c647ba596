#import "KVXBootDecision.h"
#import "KVXBundleFolders.h"
#import "KVXDirectoryRecordFiles.h"

/** The boot of one app process: decides once, remembers what it decided, and decides again only for a reload. */
@interface KVXBootHost : NSObject {
  NSString *_directory;
  NSString *_binaryId;
  long long _embeddedVersionCode;
  KVXDirectoryRecordFiles *_files;
  KVXBundleFolders *_bundles;
  KVXBootDecision *_decision;
  int _lock;
}
/** `directory`: the app's own, not backed up, removed with the app. Made when it is missing. */
- (id)initWithDirectory:(NSString *)directory
               binaryId:(NSString *)binaryId
    embeddedVersionCode:(long long)embeddedVersionCode;

/** The decision of this process. Never raises. */
- (KVXBootDecision *)decision;
/** Absolute path of the launch file; nil for the embedded bundle. */
- (NSString *)bundlePath;
/** What JavaScript may know: the records as they are now, `launched` as what runs. */
- (NSDictionary *)snapshotOf:(KVXBootDecision *)launched;
/** Has JavaScript confirmed the running launch? */
- (BOOL)isConfirmed;
/** Where evidence about the running launch lies; nil when no launch is open. `kind`: see KVXMarker.h. */
- (NSString *)markerPath:(NSString *)kind;
/** Leaves evidence about the running launch. Never raises. */
- (void)mark:(NSString *)kind;
/** Takes evidence about the running launch back: it came to the foreground again. Never raises. */
- (void)unmark:(NSString *)kind;
/** Before an in-process reload: the running launch ends neutrally, and `bundlePath` is decided anew. */
- (void)prepareReload;
@end
