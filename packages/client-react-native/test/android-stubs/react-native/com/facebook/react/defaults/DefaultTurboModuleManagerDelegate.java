package com.facebook.react.defaults;

import com.facebook.react.ReactPackageTurboModuleManagerDelegate;

public final class DefaultTurboModuleManagerDelegate extends ReactPackageTurboModuleManagerDelegate {
  public static final class Builder extends ReactPackageTurboModuleManagerDelegate.Builder {}
}
