// What React Native's headers name of UIKit: Debian has none.
#import <Foundation/Foundation.h>

@class UIView, UIWindow, UIViewController, UIApplication;
