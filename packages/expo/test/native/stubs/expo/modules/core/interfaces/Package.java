package expo.modules.core.interfaces;

import android.content.Context;
import java.util.Collections;
import java.util.List;

/** Signatures of expo-modules-core 58.0.7, as far as they are used. */
public interface Package {
  default List<? extends ReactNativeHostHandler> createReactNativeHostHandlers(Context context) {
    return Collections.emptyList();
  }
}
