#import <Foundation/Foundation.h>

// RFC 4648 §5 without padding: how bytes cross to JavaScript. Nil gives nil.
NSString *KVXBase64Url(NSData *data);
NSData *KVXFromBase64Url(NSString *text);
