#import <Foundation/Foundation.h>

/**
 * What an app asks before it starts React Native: in the release branch of the delegate's `bundleURL`, instead of
 * `Bundle.main.url(forResource: "main", withExtension: "jsbundle")`.
 */
@interface KivyxOta : NSObject
/**
 * File URL of the bundle to launch: an update, or main.jsbundle of the app. Decided once per process, so that a reload that asks again gets
 * the same. Nil only when the app has no bundle, as in a debug build. Never raises.
 */
+ (NSURL *)bundleURL;
@end
