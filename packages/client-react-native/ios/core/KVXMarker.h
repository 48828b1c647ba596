#import <Foundation/Foundation.h>

extern NSString *const KVXMarkerCrash;
extern NSString *const KVXMarkerTimeout;
/** In the background, or by a wanted reload. */
extern NSString *const KVXMarkerBackground;

/** Evidence about a launch: a file whose name says all, because a handler can do no more than make one. */
@interface KVXMarker : NSObject {
  NSString *_kind;
  long long _launchId;
}
@property(nonatomic, readonly) NSString *kind;
@property(nonatomic, readonly) long long launchId;

/** The marker that a file name stands for; nil for any other file. */
+ (KVXMarker *)markerNamed:(NSString *)name;
- (NSString *)name;
@end

/** File name, e.g. `crash.17`. */
NSString *KVXMarkerName(NSString *kind, long long launchId);
