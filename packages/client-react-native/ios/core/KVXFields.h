#import <Foundation/Foundation.h>

// How single values are spelled. Parsing accepts nothing that writing would not produce.

/** -1 for every spelling that is not a plain integer from 0 to 2^53 - 1. */
long long KVXParseInteger(NSString *text);
/** Nil when the value is out of range. */
NSString *KVXFormatInteger(long long value);
BOOL KVXIsHashOrEmpty(NSString *text);
BOOL KVXIsBinaryId(NSString *text);
