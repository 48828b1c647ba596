#import "KVXBootInput.h"

/** Installed bundles: `bundles/<sha256 of the launch file>/launch.bundle`. */
@interface KVXBundleFolders : NSObject <KVXIntactCheck> {
  NSString *_directory;
}
/** `directory`: the one that holds the records, too. */
- (id)initWithDirectory:(NSString *)directory;
- (NSString *)launchFile:(NSString *)sha256Hex;
@end
