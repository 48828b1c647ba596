package com.facebook.react.runtime;

import android.app.Activity;
import android.content.Context;
import com.facebook.react.ReactHost;
import com.facebook.react.common.LifecycleState;
import com.facebook.react.fabric.ComponentFactory;
import com.facebook.react.interfaces.TaskInterface;

/** Loads nothing: gives its delegate to who looks, and counts. */
public class ReactHostImpl implements ReactHost {
  public final ReactHostDelegate delegate;
  public int reloads;

  public ReactHostImpl(
      Context context,
      ReactHostDelegate delegate,
      ComponentFactory componentFactory,
      boolean allowPackagerServerAccess,
      boolean useDevSupport) {
    this.delegate = delegate;
  }

  @Override
  public LifecycleState getLifecycleState() {
    return LifecycleState.RESUMED;
  }

  @Override
  public void onHostResume(Activity activity) {}

  @Override
  public TaskInterface<Void> reload(String reason) {
    reloads++;
    return new TaskInterface<Void>() {};
  }
}
