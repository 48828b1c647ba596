#import <Foundation/Foundation.h>

/** Domain of the errors below; the user info says in words what could not be done. */
extern NSString *const KVXErrorDomain;
NSError *KVXError(NSString *message);

/** Files below the update folder, by relative path: `FilesPort` of the client. One call at a time. NO and nil come with an error. */
@interface KVXUpdateFiles : NSObject {
  NSString *_directory;
}
- (id)initWithDirectory:(NSString *)directory;
/** Absolute path; nil for one that could leave the folder. */
- (NSString *)at:(NSString *)path error:(NSError **)error;
/** The same, with the folders that it needs. */
- (NSString *)withFolder:(NSString *)path error:(NSError **)error;
/** -1: there is no such file; -2: error. */
- (long long)sizeOf:(NSString *)path error:(NSError **)error;
/** Fewer bytes where the file ends. Nil without an error: there is no such file. */
- (NSData *)readPart:(NSString *)path
              offset:(long long)offset
              length:(NSUInteger)length
               error:(NSError **)error;
- (BOOL)write:(NSString *)path data:(NSData *)data error:(NSError **)error;
- (BOOL)append:(NSString *)path data:(NSData *)data error:(NSError **)error;
/** Nil without an error: there is no such file. */
- (NSString *)sha256File:(NSString *)path error:(NSError **)error;
/** Another name for the same bytes, or a copy of them. */
- (BOOL)link:(NSString *)from to:(NSString *)to error:(NSError **)error;
/** `from` is absolute: a file of the app. */
- (BOOL)copy:(NSString *)from to:(NSString *)to error:(NSError **)error;
/** Durable when it returns, with everything that was moved. A file takes the place of a file. */
- (BOOL)rename:(NSString *)from to:(NSString *)to error:(NSError **)error;
/** A file, or a folder with all in it; absent is fine. */
- (BOOL)remove:(NSString *)path error:(NSError **)error;
/** What can still be written; -1 when the system does not tell. */
- (long long)freeBytes;
/** Names directly in a folder; none when there is no such folder. */
- (NSArray *)list:(NSString *)path error:(NSError **)error;
@end

/** At most `length` bytes of any file from `offset`; nil when it cannot be read. */
NSData *KVXReadFilePart(NSString *path, long long offset, NSUInteger length);
