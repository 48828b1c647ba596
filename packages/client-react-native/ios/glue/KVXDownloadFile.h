#import <Foundation/Foundation.h>

/** What a download does to its file, whatever brings the bytes: `DownloadPort` of the client. Not for several threads at once. */
@interface KVXDownloadFile : NSObject {
  NSString *_path;
  long long _offset, _maxSizeBytes, _size, _promised;
  int _descriptor;
}
/** `offset`: bytes of the file that stay when the server sends the rest. */
- (id)initWithPath:(NSString *)path offset:(long long)offset maxSizeBytes:(long long)maxSizeBytes;
/**
 * The head came. YES: the body is wanted. NO without an error: another status, the file stays as it is. `contentRange` may be nil;
 * `promised`: length of the body, -1 when it is not said.
 */
- (BOOL)begin:(NSInteger)status
 contentRange:(NSString *)contentRange
     promised:(long long)promised
        error:(NSError **)error;
/** Bytes of the body, in order. */
- (BOOL)take:(const void *)bytes length:(size_t)length error:(NSError **)error;
/** Of the file, now. */
- (long long)size;
/** The body is over: NO when it is shorter than was promised. */
- (BOOL)end:(NSError **)error;
@end

/** Codes of the client's errors; in the user info of an error by this key. */
extern NSString *const KVXErrorCodeKey;
/** ERR_CLIENT_STORAGE, or what the error says. */
NSString *KVXErrorCode(NSError *error, NSString *otherwise);
NSError *KVXCodedError(NSString *code, NSString *message);
