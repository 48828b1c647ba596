package com.facebook.react.defaults;

import com.facebook.react.fabric.ComponentFactory;

public final class DefaultComponentsRegistry {
  public static void register(ComponentFactory factory) {}
}
