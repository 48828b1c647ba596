#import <React/RCTBridgeModule.h>

@class KVXBootDecision, KVXDirectoryRecordFiles, KVXUpdateFiles;

@protocol KVXDownloadEvents <NSObject>
- (void)emitOnDownload:(NSDictionary *)event;
@end

/** The native module: what each method does is said in `specs/NativeKivyxOta.ts`. */
@interface KivyxOtaModule : NSObject <RCTBridgeModule> {
  KVXUpdateFiles *_files;
  KVXDirectoryRecordFiles *_records;
  /** Of the JavaScript that this module belongs to: one that goes on after a reload was prepared must not confirm the next launch. */
  KVXBootDecision *_launched;
  NSMutableDictionary *_downloads;
  id<KVXDownloadEvents> _emitter;
}
/** What generated C++ sends events with. */
@property(nonatomic, retain) id<KVXDownloadEvents> emitter;
@end
