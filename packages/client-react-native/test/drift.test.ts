// The drift guard: what the native code uses of React Native and Expo, looked up in the sources of every supported version. It stands for a
// build with each of them, which cannot be made here.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANDROID } from './native/android.ts';
import { IOS } from './native/objc.ts';
import { hasPlatforms, platformFolder, type PlatformName } from './native/platforms.ts';

const REACT_NATIVE: readonly PlatformName[] = [
  'react-native-0.81',
  'react-native-0.82',
  'react-native-0.83',
  'react-native-0.84',
  'react-native-0.85',
  'react-native-0.86',
  'react-native-0.87',
  'react-native-0.88',
];
const EXPO: readonly PlatformName[] = ['expo-55', 'expo-56', 'expo-57', 'expo-58'];
const EXPO_MODULES: readonly PlatformName[] = [
  'expo-modules-core-55',
  'expo-modules-core-56',
  'expo-modules-core-57',
  'expo-modules-core-58',
];

/** By file, without `.kt` or `.java`; of several spellings in one string (`a || b`) one has to be there. Spaces do not count. */
type Used = Readonly<Record<string, readonly string[]>>;

const JAVA = 'ReactAndroid/src/main/java/com/facebook/react/';
const ANDROID_USED: Used = {
  [`${JAVA}BaseReactPackage`]: [
    'public abstract class BaseReactPackage : ReactPackage',
    'abstract override fun getModule(name: String, reactContext: ReactApplicationContext): NativeModule?',
    'public abstract fun getReactModuleInfoProvider(): ReactModuleInfoProvider',
  ],
  [`${JAVA}ReactHost`]: [
    'public val lifecycleState: LifecycleState',
    'public fun onHostResume(activity: Activity?)',
    'public fun reload(reason: String): TaskInterface<Void>',
  ],
  [`${JAVA}ReactPackage`]: ['public interface ReactPackage {'],
  [`${JAVA}ReactPackageTurboModuleManagerDelegate`]: ['public abstract class Builder {'],
  [`${JAVA}bridge/Arguments`]: [
    '@JvmStatic public fun createArray(): WritableArray || public static WritableArray createArray()',
    '@JvmStatic public fun createMap(): WritableMap || public static WritableMap createMap()',
  ],
  [`${JAVA}bridge/BaseJavaModule`]: [
    'protected @Nullable CxxCallbackImpl mEventEmitterCallback;',
    'protected void setEventEmitterCallback(CxxCallbackImpl eventEmitterCallback)',
    'public void invalidate()',
    'protected final ReactApplicationContext getReactApplicationContext()',
  ],
  [`${JAVA}bridge/JSBundleLoader`]: [
    'public abstract class JSBundleLoader {',
    'public abstract fun loadScript(delegate: JSBundleLoaderDelegate): String',
  ],
  [`${JAVA}bridge/JSBundleLoaderDelegate`]: [
    'public fun loadScriptFromAssets(assetManager: AssetManager, assetURL: String, loadSynchronously: Boolean)',
    'public fun loadScriptFromFile(fileName: String, sourceURL: String, loadSynchronously: Boolean)',
  ],
  [`${JAVA}bridge/NativeModule`]: ['interface NativeModule'],
  [`${JAVA}bridge/Promise`]: [
    'public fun resolve(value: Any?)',
    'public fun reject(code: String?, message: String?, throwable: Throwable?) || public fun reject(code: String, message: String?, throwable: Throwable?)',
  ],
  [`${JAVA}bridge/ReactApplicationContext`]: ['class ReactApplicationContext'],
  [`${JAVA}bridge/ReactContext`]: [
    'public @Nullable Activity getCurrentActivity() || fun getCurrentActivity(): Activity?',
  ],
  [`${JAVA}bridge/ReactMarker`]: [
    '@JvmStatic @DoNotStrip public fun addListener(listener: MarkerListener)',
    'public fun interface MarkerListener {',
    'public fun logMarker(name: ReactMarkerConstants, tag: String?, instanceKey: Int)',
  ],
  [`${JAVA}bridge/ReactMarkerConstants`]: ['CONTENT_APPEARED,'],
  [`${JAVA}bridge/ReadableArray`]: ['public fun getString(index: Int): String?', 'public fun size(): Int'],
  [`${JAVA}bridge/WritableArray`]: ['public fun pushString(value: String?)'],
  [`${JAVA}bridge/WritableMap`]: ['public fun putDouble(key: String, value: Double)'],
  [`${JAVA}common/LifecycleState`]: ['RESUMED,'],
  [`${JAVA}defaults/DefaultComponentsRegistry`]: [
    '@JvmStatic @DoNotStrip public external fun register(componentFactory: ComponentFactory)',
  ],
  // For those who give a path.
  [`${JAVA}defaults/DefaultReactHost`]: ['jsBundleFilePath: String? = null,'],
  [`${JAVA}defaults/DefaultReactNativeHost`]: ['public abstract class DefaultReactNativeHost'],
  [`${JAVA}defaults/DefaultTurboModuleManagerDelegate`]: [
    'public class Builder : ReactPackageTurboModuleManagerDelegate.Builder() {',
  ],
  [`${JAVA}fabric/ComponentFactory`]: ['public class ComponentFactory {'],
  [`${JAVA}module/model/ReactModuleInfo`]: [
    'public class ReactModuleInfo(@get:JvmName("name") public val name: String, @get:JvmName("className") public val className: String, @get:JvmName("canOverrideExistingModule") public val canOverrideExistingModule: Boolean, @get:JvmName("needsEagerInit") public val needsEagerInit: Boolean, public val isCxxModule: Boolean, public val isTurboModule: Boolean)',
  ],
  [`${JAVA}module/model/ReactModuleInfoProvider`]: [
    'public fun interface ReactModuleInfoProvider {',
    'public fun getReactModuleInfos(): Map<String, ReactModuleInfo>',
  ],
  // Where fatal errors of JavaScript begin their way to the host.
  [`${JAVA}modules/core/ExceptionsManagerModule`]: ['JavascriptException('],
  [`${JAVA}runtime/BindingsInstaller`]: ['abstract class BindingsInstaller'],
  [`${JAVA}runtime/JSRuntimeFactory`]: ['public abstract class JSRuntimeFactory'],
  [`${JAVA}runtime/ReactHostDelegate`]: [
    'public interface ReactHostDelegate {',
    'public val jsMainModulePath: String',
    'public val bindingsInstaller: BindingsInstaller?',
    'public val reactPackages: List<ReactPackage>',
    'public val jsRuntimeFactory: JSRuntimeFactory',
    'public val jsBundleLoader: JSBundleLoader',
    'public val turboModuleManagerDelegateBuilder: ReactPackageTurboModuleManagerDelegate.Builder',
    'public fun handleInstanceException(error: Exception)',
  ],
  [`${JAVA}runtime/ReactHostImpl`]: [
    // A sixth argument with a default needs @JvmOverloads to be left out in Java.
    'public constructor(context: Context, delegate: ReactHostDelegate, componentFactory: ComponentFactory, allowPackagerServerAccess: Boolean, useDevSupport: Boolean) : this( || @JvmOverloads public constructor(context: Context, delegate: ReactHostDelegate, componentFactory: ComponentFactory, allowPackagerServerAccess: Boolean, useDevSupport: Boolean, devSupportManagerFactory: DevSupportManagerFactory? = null) : this(',
    // Asked again at each load: what the loader of ours lives on.
    'reactHostDelegate.jsBundleLoader',
  ],
  [`${JAVA}runtime/hermes/HermesInstance`]: ['public constructor() : this('],
};
/** A delegate has to have every member: one that is new breaks the build of an app. */
const DELEGATE_MEMBERS = 7;

const IOS_USED: Used = {
  'Libraries/AppDelegate/RCTReactNativeFactory.h': ['- (NSURL *__nullable)bundleURL;'],
  'React/Base/RCTAssert.h': [
    'typedef void (^RCTFatalHandler)(NSError *error);',
    'RCT_EXTERN void RCTSetFatalHandler(RCTFatalHandler fatalHandler);',
    'RCT_EXTERN RCTFatalHandler RCTGetFatalHandler(void);',
  ],
  // Without a handler a fatal error is an exception that nobody catches.
  'React/Base/RCTAssert.m': [
    '@throw [[NSException alloc] initWithName:name reason:message userInfo:userInfo];',
  ],
  'React/Base/RCTBridgeModule.h': [
    '#define RCT_EXPORT_MODULE(js_name)',
    'typedef void (^RCTPromiseResolveBlock)(id result);',
    'typedef void (^RCTPromiseRejectBlock)(NSString *code, NSString *message, NSError *error);',
    '@property (nonatomic, strong, readonly) dispatch_queue_t methodQueue',
    '- (NSDictionary *)constantsToExport;',
    '+ (BOOL)requiresMainQueueSetup;',
  ],
  'React/Base/RCTInvalidating.h': ['- (void)invalidate;'],
  'React/Base/RCTReloadCommand.h': ['RCT_EXTERN void RCTTriggerReloadCommandListeners(NSString *reason);'],
  'React/Base/RCTRootView.m': [
    'NSString *const RCTContentDidAppearNotification = @"RCTContentDidAppearNotification";',
  ],
  'ReactCommon/react/nativemodule/core/platform/ios/ReactCommon/RCTTurboModule.h': [
    '@protocol RCTTurboModule <RCTModuleProvider>',
    '- (std::shared_ptr<facebook::react::TurboModule>)getTurboModule:(const facebook::react::ObjCTurboModule::InitParams &)params;',
    '- (void)setEventEmitterCallback:(EventEmitterCallbackWrapper *)eventEmitterCallbackWrapper;',
  ],
  'scripts/react_native_pods.rb': ['def min_ios_version_supported', 'def install_modules_dependencies(spec'],
};

const EXPO_USED: Used = {
  'android/src/main/java/expo/modules/ExpoReactHostFactory': [
    'jsBundleFilePath: String? = null,',
    // The handlers come first, and are asked at every load: the loader is a getter that makes a new one.
    'val hostDelegateJsBundleFilePath: String? get() = hostHandlers.asSequence() .mapNotNull { it.getJSBundleFile(useDevSupport) } .firstOrNull() ?: jsBundleFilePath',
    'hostDelegateJsBundleFilePath?.let { jsBundleFile ->',
    // Fatal errors are swallowed as soon as somebody handles: markCrash() and the rethrow are for that.
    'if (hostHandlers.isEmpty()) { throw error }',
    'handler.onReactInstanceException(',
  ],
};
/** The same on iOS, in a file that moved. */
const EXPO_IOS_USED: readonly string[] = [
  '- (NSURL *)bundleURL { return [self.reactDelegate bundleURL] ?: [super bundleURL]; } || - (NSURL *)bundleURL { return [((id<EXReactDelegateProtocol>)self.reactDelegate) bundleURL] ?: [super bundleURL]; }',
];
const EXPO_MODULES_USED: Used = {
  'android/src/main/java/expo/modules/core/interfaces/ReactNativeHostHandler': [
    'default String getJSBundleFile(boolean useDeveloperSupport)',
    'default void onReactInstanceException(boolean useDeveloperSupport, @NonNull Exception exception)',
    'default void onDidCreateReactHost(@NonNull Context context, @NonNull ReactHost reactNativeHost)',
  ],
  'ios/ReactDelegates/ExpoReactDelegateHandler.swift': [
    'open func bundleURL(reactDelegate: ExpoReactDelegate) -> URL?',
  ],
};

/** Without spaces, and without the comma that some versions put after the last argument. */
const squeeze = (text: string): string => text.replace(/\s+/g, '').replaceAll(',)', ')');

/** Signatures that a source does not have. */
const missingIn = (source: string, signatures: readonly string[]): readonly string[] => {
  const text = squeeze(source);
  return signatures.filter(
    (signature) => !signature.split(' || ').some((spelling) => text.includes(squeeze(spelling))),
  );
};

const sourceOf = (platform: PlatformName, file: string): string => {
  const path = ['', '.kt', '.java']
    .map((end) => join(platformFolder(platform), file + end))
    .find((one) => existsSync(one));
  return path === undefined ? '' : readFileSync(path, 'utf8');
};

const itHas = (platform: PlatformName, used: Used): void => {
  it(`${platform} has every signature`, () => {
    const missing = Object.entries(used).flatMap(([file, signatures]) =>
      missingIn(sourceOf(platform, file), signatures).map((signature) => `${basename(file)}: ${signature}`),
    );
    expect(missing).toEqual([]);
  });
};

describe.skipIf(!hasPlatforms([...REACT_NATIVE, ...EXPO, ...EXPO_MODULES]))('the drift guard', () => {
  for (const platform of REACT_NATIVE) itHas(platform, { ...ANDROID_USED, ...IOS_USED });
  for (const platform of EXPO) itHas(platform, EXPO_USED);
  it.each(EXPO)('%s asks the handlers on iOS too', (platform) => {
    const folder = platformFolder(platform);
    const [file = ''] = readdirSync(folder, { encoding: 'utf8', recursive: true }).filter((name) =>
      name.endsWith('EXReactRootViewFactory.mm'),
    );
    expect(missingIn(readFileSync(join(folder, file), 'utf8'), EXPO_IOS_USED)).toEqual([]);
  });
  for (const platform of EXPO_MODULES) itHas(platform, EXPO_MODULES_USED);

  it.each(REACT_NATIVE)('%s asks nothing more of a host delegate', (platform) => {
    const body = /interface ReactHostDelegate \{([^]*)\n\}/.exec(
      sourceOf(platform, `${JAVA}runtime/ReactHostDelegate`),
    );
    expect(body?.[1]?.match(/^ {2}public (val|fun) /gm)).toHaveLength(DELEGATE_MEMBERS);
  });

  it('looks up every class and every header that the native code names', () => {
    const texts = (folder: string, end: RegExp): readonly string[] =>
      readdirSync(folder, { encoding: 'utf8', recursive: true })
        .filter((name) => end.test(name))
        .map((name) => readFileSync(join(folder, name), 'utf8'));
    const classes = texts(join(ANDROID, 'src/main'), /\.java$/).flatMap((text) =>
      [...text.matchAll(/^import com\.facebook\.react\.([\w.]+);$/gm)].map(([, name = '']) =>
        name.replaceAll('.', '/'),
      ),
    );
    expect(classes.filter((name) => !(JAVA + name in ANDROID_USED))).toEqual([]);
    const headers = texts(join(IOS, 'react'), /\.(h|m|mm)$/).flatMap((text) =>
      [...text.matchAll(/^#import <React\/([\w.]+)>$/gm)].map(([, name = '']) => name),
    );
    expect(headers.filter((name) => !(`React/Base/${name}` in IOS_USED))).toEqual([]);
    expect(classes.length + headers.length).toBeGreaterThan(20);
  });

  // A check that cannot fail is none.
  it('notices a signature that changed in one version', () => {
    const file = `${JAVA}bridge/JSBundleLoader`;
    const source = sourceOf('react-native-0.88', file);
    const changed = source.replaceAll(
      'loadScript(delegate: JSBundleLoaderDelegate): String',
      'loadScript(delegate: JSBundleLoaderDelegate): Unit',
    );
    expect(changed).not.toBe(source);
    expect(missingIn(changed, ANDROID_USED[file] ?? [])).toHaveLength(1);
    expect(missingIn('', ANDROID_USED[file] ?? [])).toHaveLength(2);
  });
});
