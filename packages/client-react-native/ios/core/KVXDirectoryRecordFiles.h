#import "KVXRecordFiles.h"

/** The records in one folder of a real file system. */
@interface KVXDirectoryRecordFiles : NSObject <KVXRecordFiles> {
  NSString *_directory;
}
- (id)initWithDirectory:(NSString *)directory;
@end
