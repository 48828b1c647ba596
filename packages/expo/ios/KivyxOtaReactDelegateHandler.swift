import ExpoModulesCore
import KivyxOta

/// What Expo's root view asks at every load. In a debug build Metro answers.
@objc(KivyxOtaReactDelegateHandler)
public final class KivyxOtaReactDelegateHandler: ExpoReactDelegateHandler {
  public override func bundleURL(reactDelegate: ExpoReactDelegate) -> URL? {
#if DEBUG
    return nil
#else
    return KivyxOta.bundleURL()
#endif
  }
}
