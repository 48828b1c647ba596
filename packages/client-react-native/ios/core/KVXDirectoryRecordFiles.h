#import "KVXRecordFiles.h"

/** The records in one folder of a real file system. */
@interface KVXDirectoryRecordFiles : NSObject <KVXRecordFiles> {
  NSString *_directory;
}
- (id)initWithDirectory:(NSString *)directory;
@end

/** Flushes to the medium, not only to the drive. NO when the system says it could not. */
BOOL KVXFlush(int descriptor);
