#import "KivyxOtaModule.h"

#import <React/RCTAssert.h>
#import <React/RCTReloadCommand.h>

#import "KVXAppIdentity.h"
#import "KVXBase64Url.h"
#import "KVXDirectoryRecordFiles.h"
#import "KVXDownload.h"
#import "KVXDownloadFile.h"
#import "KVXEmbeddedAssets.h"
#import "KVXInstallationId.h"
#import "KVXOtaProcess.h"
#import "KVXUpdateFiles.h"

static NSString *const STORAGE = @"ERR_CLIENT_STORAGE";

static void reject(RCTPromiseRejectBlock reject, NSError *error, NSString *code) {
  NSString *message = [error localizedDescription];
  reject(KVXErrorCode(error, code), message == nil ? @"It could not be said why" : message, error);
}

/** Nil, without an error, is an answer. */
static void settle(id value, NSError *error, RCTPromiseResolveBlock resolve, RCTPromiseRejectBlock rejectBlock) {
  if (value == nil && error != nil) reject(rejectBlock, error, STORAGE);
  else resolve(value == nil ? [NSNull null] : value);
}

static void settleDone(BOOL done, NSError *error, RCTPromiseResolveBlock resolve, RCTPromiseRejectBlock rejectBlock) {
  if (done) resolve([NSNull null]);
  else reject(rejectBlock, error, STORAGE);
}

/** A handler that catches fatal errors of JavaScript keeps them from ending the process, which is what leaves the marker otherwise. */
static void markErrorsThatAreCaught(void) {
  static BOOL isDone;
  RCTFatalHandler before = RCTGetFatalHandler();
  if (isDone || before == nil) return;
  isDone = YES;
  RCTSetFatalHandler(^(NSError *error) {
    [KVXOtaProcess markCrash];
    before(error);
  });
}

@implementation KivyxOtaModule
@synthesize emitter = _emitter;

RCT_EXPORT_MODULE(KivyxOta)

+ (BOOL)requiresMainQueueSetup {
  return NO;
}

- (instancetype)init {
  self = [super init];
  if (self != nil) {
    NSString *directory = [KVXOtaProcess directory];
    _files = [[KVXUpdateFiles alloc] initWithDirectory:directory];
    _records = [[KVXDirectoryRecordFiles alloc] initWithDirectory:directory];
    _launched = [[KVXOtaProcess launched] retain];
    _downloads = [[NSMutableDictionary alloc] init];
    markErrorsThatAreCaught();
  }
  return self;
}

- (void)dealloc {
  [_files release];
  [_records release];
  [_launched release];
  [_downloads release];
  [_emitter release];
  [super dealloc];
}

/** One after the other, and the same for the module after a reload: both can live for a moment. */
- (dispatch_queue_t)methodQueue {
  static dispatch_queue_t queue;
  @synchronized([KivyxOtaModule class]) {
    if (queue == nil) queue = dispatch_queue_create("org.kivyx.ota", DISPATCH_QUEUE_SERIAL);
    return queue;
  }
}

/** React Native goes away, or loads again: nobody waits for what is still coming. */
- (void)invalidate {
  @synchronized(_downloads) {
    for (KVXDownload *download in [_downloads allValues]) [download cancel];
  }
}

- (NSDictionary *)constantsToExport {
  NSBundle *app = [NSBundle mainBundle];
  return @{
    @"binaryVersion" : KVXAppBinaryVersion(app),
    @"boot" : [KVXOtaProcess snapshotOf:_launched],
    @"embeddedVersionCode" : [NSNumber numberWithLongLong:KVXAppEmbeddedVersionCode(app)],
    @"installationId" : KVXInstallationId([KVXOtaProcess directory]),
    @"runtimeVersion" : KVXAppRuntimeVersion(app),
  };
}

- (NSDictionary *)getConstants {
  return [self constantsToExport];
}

- (void)readBoot:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  resolve([KVXOtaProcess snapshotOf:_launched]);
}

/** iOS has no way to start a process anew: what can be had is the bundle, in this one. */
- (void)restart:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  // Reads and hashes bundles: not on the main thread.
  [KVXOtaProcess prepareReload];
  dispatch_async(dispatch_get_main_queue(), ^{
    RCTTriggerReloadCommandListeners(@"Kivyx OTA");
    resolve([NSNull null]);
  });
}

/** What JavaScript may write; everything else is the boot code's. */
static BOOL isRecord(NSString *name) {
  return [@[ @"intent.0", @"intent.1", @"trust.0", @"trust.1" ] containsObject:name];
}

- (void)readRecord:(NSString *)name resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  KVXSlotReading *found = isRecord(name) ? [_records read:name] : nil;
  if (found == nil || found.kind == KVXSlotLocked)
    reject(rejectBlock, KVXError([name stringByAppendingString:@" cannot be read"]), STORAGE);
  else settle(KVXBase64Url(found.record), nil, resolve, rejectBlock);
}

- (void)writeRecord:(NSString *)name bytes:(NSString *)bytes resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSData *data = KVXFromBase64Url(bytes);
  BOOL written = isRecord(name) && data != nil && [_records writeDurable:name data:data];
  settleDone(written, KVXError([name stringByAppendingString:@" cannot be written"]), resolve, rejectBlock);
}

- (void)sizeOf:(NSString *)path resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSError *error = nil;
  long long size = [_files sizeOf:path error:&error];
  settle(error == nil ? [NSNumber numberWithLongLong:size] : nil, error, resolve, rejectBlock);
}

- (void)readPart:(NSString *)path offset:(double)offset length:(double)length resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSError *error = nil;
  NSData *part = [_files readPart:path offset:(long long)offset length:(NSUInteger)length error:&error];
  settle(KVXBase64Url(part), error, resolve, rejectBlock);
}

- (void)writeFile:(NSString *)path bytes:(NSString *)bytes resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSError *error = nil;
  settleDone([_files write:path data:KVXFromBase64Url(bytes) error:&error], error, resolve, rejectBlock);
}

- (void)appendFile:(NSString *)path bytes:(NSString *)bytes resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSError *error = nil;
  settleDone([_files append:path data:KVXFromBase64Url(bytes) error:&error], error, resolve, rejectBlock);
}

- (void)sha256File:(NSString *)path resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSError *error = nil;
  settle([_files sha256File:path error:&error], error, resolve, rejectBlock);
}

- (void)link:(NSString *)from to:(NSString *)to resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSError *error = nil;
  settleDone([_files link:from to:to error:&error], error, resolve, rejectBlock);
}

- (void)rename:(NSString *)from to:(NSString *)to resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSError *error = nil;
  settleDone([_files rename:from to:to error:&error], error, resolve, rejectBlock);
}

- (void)remove:(NSString *)path resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSError *error = nil;
  settleDone([_files remove:path error:&error], error, resolve, rejectBlock);
}

- (void)list:(NSString *)path resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSError *error = nil;
  settle([_files list:path error:&error], error, resolve, rejectBlock);
}

- (void)freeBytes:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  resolve([NSNumber numberWithLongLong:[_files freeBytes]]);
}

- (void)embeddedSize:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSString *path = KVXAppEmbeddedPath([NSBundle mainBundle]);
  NSDictionary *file = nil;
  if (path != nil) file = [[NSFileManager defaultManager] attributesOfItemAtPath:path error:NULL];
  resolve([NSNumber numberWithLongLong:file == nil ? -1 : (long long)[file fileSize]]);
}

- (void)readEmbedded:(double)offset length:(double)length resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSString *path = KVXAppEmbeddedPath([NSBundle mainBundle]);
  NSData *part = path == nil ? nil : KVXReadFilePart(path, (long long)offset, (NSUInteger)length);
  settle(KVXBase64Url(part), KVXError(@"The bundle in the app cannot be read"), resolve, rejectBlock);
}

- (void)copyEmbeddedAsset:(NSString *)sha256Hex path:(NSString *)path resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSString *asset = KVXEmbeddedAsset([NSBundle mainBundle], sha256Hex);
  NSError *error = nil;
  BOOL copied = asset != nil && [_files copy:asset to:path error:&error];
  settle(error == nil ? [NSNumber numberWithBool:copied] : nil, error, resolve, rejectBlock);
}

- (void)download:(double)number url:(NSString *)url headers:(NSArray *)headers path:(NSString *)path offset:(double)offset maxSizeBytes:(double)maxSizeBytes idleTimeoutMs:(double)idleTimeoutMs resolve:(RCTPromiseResolveBlock)resolve reject:(RCTPromiseRejectBlock)rejectBlock {
  NSError *error = nil;
  NSString *full = [_files withFolder:path error:&error];
  NSURL *address = [NSURL URLWithString:url];
  if (full == nil || address == nil) {
    reject(rejectBlock, error == nil ? KVXError([url stringByAppendingString:@" is no URL"]) : error, STORAGE);
    return;
  }
  NSNumber *key = [NSNumber numberWithDouble:number];
  @synchronized(_downloads) {
    KVXDownload *download = [KVXDownload start:address
        headers:headers
        path:full
        offset:(long long)offset
        maxSizeBytes:(long long)maxSizeBytes
        idleTimeoutMs:idleTimeoutMs
        progress:^(long long sizeBytes) {
          [self.emitter emitOnDownload:@{@"id" : key, @"sizeBytes" : [NSNumber numberWithLongLong:sizeBytes]}];
        }
        done:^(NSArray *answer, NSError *failed) {
          @synchronized(_downloads) {
            [_downloads removeObjectForKey:key];
          }
          if (answer == nil) reject(rejectBlock, failed, @"ERR_CLIENT_NETWORK");
          else resolve(answer);
        }];
    [_downloads setObject:download forKey:key];
  }
}

- (void)cancelDownload:(double)number {
  @synchronized(_downloads) {
    [[_downloads objectForKey:[NSNumber numberWithDouble:number]] cancel];
  }
}

- (NSString *)randomBytes:(double)length {
  return KVXBase64Url(KVXRandomBytes((NSUInteger)length));
}
@end
