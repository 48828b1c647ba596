package com.facebook.react;

import com.facebook.react.bridge.NativeModule;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.module.model.ReactModuleInfoProvider;
import com.facebook.react.uimanager.ViewManager;
import java.util.Collections;
import java.util.List;

@SuppressWarnings("rawtypes")
public abstract class BaseReactPackage implements ReactPackage {
  @Override
  public List<NativeModule> createNativeModules(ReactApplicationContext context) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ViewManager> createViewManagers(ReactApplicationContext context) {
    return Collections.emptyList();
  }

  public abstract NativeModule getModule(String name, ReactApplicationContext context);

  public abstract ReactModuleInfoProvider getReactModuleInfoProvider();
}
