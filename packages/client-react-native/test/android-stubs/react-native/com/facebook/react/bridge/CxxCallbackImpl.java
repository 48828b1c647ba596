package com.facebook.react.bridge;

public class CxxCallbackImpl implements Callback {
  public interface Listener {
    void onEvent(String name, Object value);
  }

  private final Listener listener;

  public CxxCallbackImpl(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void invoke(Object... args) {
    listener.onEvent((String) args[0], args[1]);
  }
}
