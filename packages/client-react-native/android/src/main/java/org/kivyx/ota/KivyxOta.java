package org.kivyx.ota;

import android.content.Context;
import com.facebook.react.ReactHost;
import com.facebook.react.ReactPackage;
import java.util.List;

/**
 * What an app asks before it starts React Native: either for the path of the bundle,
 *
 * <pre>
 * override val reactHost by lazy {
 *   getDefaultReactHost(applicationContext, packageList, jsBundleFilePath = KivyxOta.bundlePath(applicationContext))
 * }
 * </pre>
 *
 * or for a host that asks again at every load, which is what a reload within the process needs:
 *
 * <pre>
 * override val reactHost by lazy { KivyxOta.reactHost(applicationContext, packageList, BuildConfig.DEBUG) }
 * </pre>
 */
public final class KivyxOta {
  private KivyxOta() {}

  /**
   * Absolute path of the bundle to launch; null for the one in the app. Decided once per process. Debug builds, other processes of
   * the app, and a phone that was not unlocked since it started always get the one in the app. Never throws.
   */
  public static String bundlePath(Context context) {
    try {
      return OtaProcess.of(context).bundlePath();
    } catch (Throwable anything) {
      // An app that starts with its own bundle is always better than one that does not start.
      return null;
    }
  }

  /**
   * React Native's host with Hermes and the defaults of its template, and with a loader that asks {@link #bundlePath} at every load. Make
   * one, and keep it. {@code useDevSupport}: {@code BuildConfig.DEBUG}.
   */
  public static ReactHost reactHost(
      Context context, List<? extends ReactPackage> packages, boolean useDevSupport) {
    return OtaReactHost.create(context, packages, useDevSupport);
  }

  /**
   * For hosts that catch fatal errors of JavaScript instead of letting them end the process: leaves the evidence that an exception
   * that nobody catches leaves by itself. Never throws.
   */
  public static void markCrash(Context context) {
    try {
      OtaProcess.of(context).markCrash();
    } catch (Throwable anything) {
      // A handler has nobody to tell.
    }
  }
}
