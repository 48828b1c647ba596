#import <Foundation/Foundation.h>

/**
 * A random name for this installation, kept in `directory`: which part of a rollout it is in. Not an identity of a person or a phone. Another one
 * for each process while nothing can be written.
 */
NSString *KVXInstallationId(NSString *directory);
/** Random bytes of the system; nil when it has none. */
NSData *KVXRandomBytes(NSUInteger length);
