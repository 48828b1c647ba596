#import "KVXBootInput.h"
#import "KVXRecordFiles.h"

/** The files of one vector, and its intact bundles. */
@interface VectorFiles : NSObject <KVXRecordFiles, KVXIntactCheck> {
@public
  NSMutableDictionary *slots;
  NSMutableArray *removed;
  /** Nil when the folder cannot be listed. */
  NSArray *names;
  NSArray *intact;
  BOOL writeFails;
  NSString *writtenSlot;
  NSData *written;
}
+ (VectorFiles *)files;
@end
