package com.facebook.react.runtime;

import com.facebook.react.ReactPackage;
import com.facebook.react.ReactPackageTurboModuleManagerDelegate;
import com.facebook.react.bridge.JSBundleLoader;
import java.util.List;

public interface ReactHostDelegate {
  String getJsMainModulePath();

  BindingsInstaller getBindingsInstaller();

  List<ReactPackage> getReactPackages();

  JSRuntimeFactory getJsRuntimeFactory();

  JSBundleLoader getJsBundleLoader();

  ReactPackageTurboModuleManagerDelegate.Builder getTurboModuleManagerDelegateBuilder();

  void handleInstanceException(Exception error);
}
