#import <Foundation/Foundation.h>

/**
 * Absolute path of the image or font in the app that has this hash; nil when there is none. What the build put into an asset catalogue is
 * no file, and not found. Not for several threads at once.
 */
NSString *KVXEmbeddedAsset(NSBundle *app, NSString *sha256Hex);
