package com.facebook.react.common.build;

public class ReactBuildConfig {
  public static final boolean DEBUG = Boolean.getBoolean("react.debug");
  public static final boolean IS_INTERNAL_BUILD = false;
}
