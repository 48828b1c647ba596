// All of the module that has to be C++: the rest is in KivyxOtaModule.m.
#import "KivyxOtaModule.h"
#import <KivyxOtaSpec/KivyxOtaSpec.h>

@interface KivyxOtaModule (TurboModule) <RCTTurboModule>
@end
@implementation KivyxOtaModule (TurboModule)
- (std::shared_ptr<facebook::react::TurboModule>)getTurboModule:(const facebook::react::ObjCTurboModule::InitParams &)params {
  return std::make_shared<facebook::react::NativeKivyxOtaSpecJSI>(params);
}
- (void)setEventEmitterCallback:(EventEmitterCallbackWrapper *)callback {
  self.emitter = (id<KVXDownloadEvents>)[NativeKivyxOtaSpecBase new];
  [(NativeKivyxOtaSpecBase *)self.emitter setEventEmitterCallback:callback];
}
@end
