package android.app;

import android.content.Context;
import android.os.Bundle;

public abstract class Application extends Context {
  public static String processName = "";
  public ActivityLifecycleCallbacks callbacks;

  public static String getProcessName() {
    return processName;
  }

  public void registerActivityLifecycleCallbacks(ActivityLifecycleCallbacks callback) {
    callbacks = callback;
  }

  public interface ActivityLifecycleCallbacks {
    void onActivityCreated(Activity activity, Bundle state);

    void onActivityStarted(Activity activity);

    void onActivityResumed(Activity activity);

    void onActivityPaused(Activity activity);

    void onActivityStopped(Activity activity);

    void onActivitySaveInstanceState(Activity activity, Bundle state);

    void onActivityDestroyed(Activity activity);
  }
}
