package org.kivyx.ota;

import android.content.Context;
import android.content.pm.PackageManager;
import com.facebook.react.ReactHost;
import com.facebook.react.ReactPackage;
import com.facebook.react.ReactPackageTurboModuleManagerDelegate;
import com.facebook.react.bridge.JSBundleLoader;
import com.facebook.react.defaults.DefaultComponentsRegistry;
import com.facebook.react.defaults.DefaultTurboModuleManagerDelegate;
import com.facebook.react.fabric.ComponentFactory;
import com.facebook.react.runtime.BindingsInstaller;
import com.facebook.react.runtime.JSRuntimeFactory;
import com.facebook.react.runtime.ReactHostDelegate;
import com.facebook.react.runtime.ReactHostImpl;
import com.facebook.react.runtime.hermes.HermesInstance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What {@code getDefaultReactHost} makes, with a loader of ours: it takes a path only, and keeps it. */
final class OtaReactHost implements ReactHostDelegate {
  private final Context app;
  private final List<ReactPackage> packages;
  private final JSBundleLoader loader;
  private final JSRuntimeFactory runtime = new HermesInstance();
  private final ReactPackageTurboModuleManagerDelegate.Builder modules =
      new DefaultTurboModuleManagerDelegate.Builder();

  private OtaReactHost(Context app, List<? extends ReactPackage> packages) {
    this.app = app;
    this.packages = Collections.unmodifiableList(new ArrayList<ReactPackage>(packages));
    this.loader = new OtaBundleLoader(app);
  }

  static ReactHost create(Context context, List<? extends ReactPackage> packages, boolean useDevSupport) {
    Context app = context.getApplicationContext();
    ComponentFactory components = new ComponentFactory();
    DefaultComponentsRegistry.register(components);
    ReactHost host = new ReactHostImpl(app, new OtaReactHost(app, packages), components, true, useDevSupport);
    try {
      OtaProcess.of(app).setReactHost(host);
    } catch (PackageManager.NameNotFoundException unknownApp) {
      // Then nothing is ever reloaded in the process, and the loader launches the bundle in the app.
    }
    return host;
  }

  @Override
  public String getJsMainModulePath() {
    return "index";
  }

  @Override
  public BindingsInstaller getBindingsInstaller() {
    return null;
  }

  @Override
  public List<ReactPackage> getReactPackages() {
    return packages;
  }

  @Override
  public JSRuntimeFactory getJsRuntimeFactory() {
    return runtime;
  }

  @Override
  public JSBundleLoader getJsBundleLoader() {
    return loader;
  }

  @Override
  public ReactPackageTurboModuleManagerDelegate.Builder getTurboModuleManagerDelegateBuilder() {
    return modules;
  }

  /** Fatal errors of JavaScript come here. They end the process, as they do in the template. */
  @Override
  public void handleInstanceException(Exception error) {
    KivyxOta.markCrash(app);
    throw OtaReactHost.<RuntimeException>asItIs(error);
  }

  /** Kotlin knows no checked exceptions, and crash reports should show the error, not a wrapper. */
  @SuppressWarnings("unchecked")
  private static <E extends Exception> E asItIs(Exception error) throws E {
    throw (E) error;
  }
}
