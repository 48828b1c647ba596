package com.facebook.react.bridge;

public abstract class ReactContextBaseJavaModule extends BaseJavaModule {
  protected CxxCallbackImpl mEventEmitterCallback;
  private final ReactApplicationContext context;

  public ReactContextBaseJavaModule(ReactApplicationContext context) {
    this.context = context;
  }

  protected final ReactApplicationContext getReactApplicationContext() {
    return context;
  }

  protected void setEventEmitterCallback(CxxCallbackImpl callback) {
    mEventEmitterCallback = callback;
  }
}
