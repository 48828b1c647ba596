package android.app;

import android.content.ContextWrapper;
import android.os.Bundle;

public class Application extends ContextWrapper {
  public static String processName = "";
  public ActivityLifecycleCallbacks callbacks;

  public Application() {
    super(null);
  }

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
