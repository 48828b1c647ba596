package com.facebook.react;

import android.app.Activity;
import com.facebook.react.common.LifecycleState;
import com.facebook.react.interfaces.TaskInterface;

public interface ReactHost {
  LifecycleState getLifecycleState();

  void onHostResume(Activity activity);

  TaskInterface<Void> reload(String reason);
}
