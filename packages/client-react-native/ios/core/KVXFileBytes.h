#import <Foundation/Foundation.h>

/** All of it, over as many calls as the system wants; NO with errno set when it could not. */
BOOL KVXWriteAll(int descriptor, const void *bytes, size_t length);
/** At most `length` bytes from `offset`, fewer where the file ends; nil with errno set when it cannot be read. */
NSData *KVXReadPart(int descriptor, long long offset, NSUInteger length);
/** Names in a folder; nil with errno set when it cannot be listed to the end. A name that is no UTF-8 is none of ours. */
NSArray *KVXNamesIn(const char *folder);
/** Flushes to the medium, not only to the drive. NO when the system says it could not. */
BOOL KVXFlush(int descriptor);
