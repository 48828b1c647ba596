package com.facebook.react;

public abstract class ReactPackageTurboModuleManagerDelegate {
  public abstract static class Builder {}
}
