#import <Foundation/Foundation.h>

/**
 * What an app asks before it starts React Native: in the release branch of the delegate's `bundleURL`, instead of
 * `Bundle.main.url(forResource: "main", withExtension: "jsbundle")`.
 */
@interface KivyxOta : NSObject
/**
 * File URL of the bundle to launch: an update, or main.jsbundle of the app. Decided once per process, and once more for each reload that the
 * native module asks for. Nil only when the app has no bundle, as in a debug build. Never raises.
 */
+ (NSURL *)bundleURL;
/**
 * For handlers that catch fatal errors of JavaScript instead of letting them end the process: leaves the evidence that an exception that nobody
 * catches leaves by itself. Never raises.
 */
+ (void)markCrash;
@end
