package org.kivyx.ota.expo;

import android.content.Context;
import expo.modules.core.interfaces.Package;
import expo.modules.core.interfaces.ReactNativeHostHandler;
import java.util.Collections;
import java.util.List;

/** Found by Expo's autolinking, by the end of its name and by its import of Expo's Package. */
public final class KivyxOtaExpoPackage implements Package {
  @Override
  public List<? extends ReactNativeHostHandler> createReactNativeHostHandlers(Context context) {
    return Collections.singletonList(new KivyxOtaHostHandler(context));
  }
}
