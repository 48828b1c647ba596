#import "KVXDownloadFile.h"

/** What a download ends with: status, then header names and values; or an error. */
typedef void (^KVXDownloadDone)(NSArray *answer, NSError *error);
/** Size of the whole file, after bytes came. */
typedef void (^KVXDownloadProgress)(long long sizeBytes);

/** One GET into a file, by NSURLSession in the foreground. Retained by its session until it is done. */
@interface KVXDownload : NSObject <NSURLSessionDataDelegate> {
  KVXDownloadFile *_file;
  KVXDownloadProgress _progress;
  KVXDownloadDone _done;
  NSURLSessionDataTask *_task;
  NSMutableArray *_answer;
  /** Why it was stopped from here; nil: the session says how it ended. */
  NSError *_failure;
}
/** `headers`: name, value, name, value. Blocks are called on a queue of the session. */
+ (KVXDownload *)start:(NSURL *)url
               headers:(NSArray *)headers
                  path:(NSString *)path
                offset:(long long)offset
          maxSizeBytes:(long long)maxSizeBytes
         idleTimeoutMs:(double)idleTimeoutMs
              progress:(KVXDownloadProgress)progress
                  done:(KVXDownloadDone)done;
/** From any thread. */
- (void)cancel;
@end
