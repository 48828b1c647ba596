package expo.modules.core.interfaces;

import android.content.Context;
import com.facebook.react.ReactHost;

/** Signatures of expo-modules-core 58.0.7, as far as they matter. */
public interface ReactNativeHostHandler {
  default String getJSBundleFile(boolean useDeveloperSupport) {
    return null;
  }

  default String getBundleAssetName(boolean useDeveloperSupport) {
    return null;
  }

  default void onDidCreateReactHost(Context context, ReactHost reactNativeHost) {}

  default void onReactInstanceException(boolean useDeveloperSupport, Exception exception) {}
}
