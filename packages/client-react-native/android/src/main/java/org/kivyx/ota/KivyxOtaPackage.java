package org.kivyx.ota;

import android.content.pm.PackageManager;
import com.facebook.react.BaseReactPackage;
import com.facebook.react.bridge.NativeModule;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.module.model.ReactModuleInfo;
import com.facebook.react.module.model.ReactModuleInfoProvider;
import java.util.Collections;

/** Found by autolinking. */
public class KivyxOtaPackage extends BaseReactPackage {
  @Override
  public NativeModule getModule(String name, ReactApplicationContext context) {
    if (!name.equals(KivyxOtaModule.NAME)) return null;
    try {
      return new KivyxOtaModule(context);
    } catch (PackageManager.NameNotFoundException notInstalled) {
      throw new IllegalStateException("An app that runs is installed", notInstalled);
    }
  }

  @Override
  public ReactModuleInfoProvider getReactModuleInfoProvider() {
    ReactModuleInfo info =
        new ReactModuleInfo(KivyxOtaModule.NAME, KivyxOtaModule.class.getName(), false, false, false, true);
    return () -> Collections.singletonMap(KivyxOtaModule.NAME, info);
  }
}
