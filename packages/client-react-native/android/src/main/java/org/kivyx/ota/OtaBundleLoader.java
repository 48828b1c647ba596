package org.kivyx.ota;

import android.content.Context;
import com.facebook.react.bridge.JSBundleLoader;
import com.facebook.react.bridge.JSBundleLoaderDelegate;

/** Resolves the bundle when it is loaded, so that a reload gets what was decided for it, and not what the process began with. */
final class OtaBundleLoader extends JSBundleLoader {
  private static final String EMBEDDED = "assets://" + EmbeddedBundle.ASSET;

  private final Context app;

  OtaBundleLoader(Context app) {
    this.app = app;
  }

  @Override
  public String loadScript(JSBundleLoaderDelegate delegate) {
    String path = KivyxOta.bundlePath(app);
    if (path == null) {
      delegate.loadScriptFromAssets(app.getAssets(), EMBEDDED, true);
      return EMBEDDED;
    }
    // A plain path: native code opens it, and images are looked for beside it.
    delegate.loadScriptFromFile(path, path, false);
    return path;
  }
}
