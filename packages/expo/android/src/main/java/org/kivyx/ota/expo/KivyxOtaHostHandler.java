package org.kivyx.ota.expo;

import android.content.Context;
import expo.modules.core.interfaces.ReactNativeHostHandler;
import org.kivyx.ota.KivyxOta;

/** What Expo's host asks at every load, and tells of errors. */
final class KivyxOtaHostHandler implements ReactNativeHostHandler {
  private final Context context;

  KivyxOtaHostHandler(Context context) {
    this.context = context;
  }

  @Override
  public String getJSBundleFile(boolean useDeveloperSupport) {
    return useDeveloperSupport ? null : KivyxOta.bundlePath(context);
  }

  /**
   * Expo's host throws a fatal error on only where no handler is registered; with one the app would go blank without a crash, and no
   * update would ever be taken back. So the evidence is left, and the error goes on.
   */
  @Override
  public void onReactInstanceException(boolean useDeveloperSupport, Exception exception) {
    if (useDeveloperSupport) return;
    KivyxOta.markCrash(context);
    KivyxOtaHostHandler.<RuntimeException>rethrow(exception);
  }

  /** The error itself, also one that Java wants declared: who reads the report shall find it and not a wrapping. */
  @SuppressWarnings("unchecked")
  private static <Declared extends Throwable> void rethrow(Throwable exception) throws Declared {
    throw (Declared) exception;
  }
}
