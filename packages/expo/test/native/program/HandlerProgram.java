import android.content.Context;
import expo.modules.core.interfaces.ReactNativeHostHandler;
import java.io.IOException;
import org.kivyx.ota.KivyxOta;
import org.kivyx.ota.expo.KivyxOtaExpoPackage;

/** Does with the handler what Expo's host does (ExpoReactHostFactory.kt), and prints what comes of it. */
final class HandlerProgram {
  public static void main(String[] arguments) {
    ReactNativeHostHandler handler =
        new KivyxOtaExpoPackage().createReactNativeHostHandlers(new Context()).get(0);
    System.out.println("debug " + handler.getJSBundleFile(true));
    System.out.println("release " + handler.getJSBundleFile(false));
    KivyxOta.path = "/data/bundles/2/launch.bundle";
    System.out.println("reload " + handler.getJSBundleFile(false));
    KivyxOta.path = null;
    System.out.println("embedded " + handler.getJSBundleFile(false));
    handler.onReactInstanceException(true, new RuntimeException("red screen"));
    System.out.println("debug crashes " + KivyxOta.crashes);
    IOException fatal = new IOException("fatal");
    try {
      handler.onReactInstanceException(false, fatal);
      System.out.println("swallowed");
    } catch (Exception thrown) {
      System.out.println("thrown " + (thrown == fatal) + ", crashes " + KivyxOta.crashes);
    }
  }
}
