#import <Foundation/Foundation.h>

// The envelope of a record: magic line, lines, checksum line.

/** `lines`: magic line and key lines, printable ASCII, each with its line feed. Nil when it would be too large. */
NSData *KVXSealRecord(NSString *lines);

/** The digits between `magic` and the first line feed; nil when that is not how it begins. */
NSString *KVXSchemaVersion(NSString *magic, NSData *data);

/** The lines of a record of schema 1, after every check that does not depend on the keys; nil and `why` when it is none. */
NSArray *KVXOpenRecord(NSData *data, NSUInteger keys, NSString **why);
