package org.kivyx.ota;

import android.app.Activity;
import android.app.ActivityManager;
import android.app.Application;
import android.app.ApplicationExitInfo;
import android.content.pm.ApplicationInfo;
import android.content.res.AssetManager;
import android.os.Build;
import com.facebook.react.ReactPackage;
import com.facebook.react.bridge.JSBundleLoaderDelegate;
import com.facebook.react.bridge.ReactMarker;
import com.facebook.react.bridge.ReactMarkerConstants;
import com.facebook.react.runtime.ReactHostImpl;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.kivyx.ota.core.DirectoryRecordFiles;
import org.kivyx.ota.core.IntentRecord;
import org.kivyx.ota.core.IntentRecordCodec;

/**
 * An app's start over the stubs: {@code <files dir> <what>…}. What it is: debug, other-process, locked, by-a-push, android-8, old-android,
 * exit=<reason>:<summary>, embedded=<version code, as
 * the build rounds it>, timeout=<seconds>. What it does then, in that order: background, foreground, confirm, wait=<ms>, content, load, reload, fatal,
 * crash.
 */
public final class GlueProgram {
  private static boolean isOnScreen;

  private GlueProgram() {}

  public static void main(String[] args) throws Exception {
    FakeApp app = new FakeApp(new File(args[0]));
    for (String what : args) prepare(app, what);
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> System.out.println("before: " + error.getMessage()));
    System.out.println("path: " + KivyxOta.bundlePath(app));
    System.out.println("again: " + KivyxOta.bundlePath(app));
    byte[] summary = app.activities.summary;
    System.out.println("summary: " + (summary == null ? null : new String(summary, StandardCharsets.US_ASCII)));
    ReactHostImpl host = null;
    for (String what : args) {
      if (what.equals("load") || what.equals("fatal") || what.equals("reload")) {
        if (host == null) host = (ReactHostImpl) KivyxOta.reactHost(app, Collections.<ReactPackage>emptyList(), false);
      }
      act(app, host, what);
    }
  }

  private static void prepare(FakeApp app, String what) {
    if (what.equals("debug")) app.info.flags = ApplicationInfo.FLAG_DEBUGGABLE;
    if (what.equals("other-process")) Application.processName = "com.example:restart";
    if (what.equals("by-a-push")) ActivityManager.importance = 300;
    if (what.equals("locked")) app.users.unlocked = false;
    if (what.equals("android-8")) Build.VERSION.SDK_INT = 27;
    if (what.equals("old-android")) Build.VERSION.SDK_INT = 29;
    if (what.startsWith("timeout=")) app.info.metaData.values.put("org.kivyx.ota.PENDING_TIMEOUT_SECONDS", what.substring(8));
    if (what.startsWith("embedded=")) app.info.metaData.values.put("org.kivyx.ota.EMBEDDED_VERSION_CODE", Float.valueOf(what.substring(9)));
    if (what.startsWith("exit=")) {
      String[] parts = what.substring(5).split(" ", 2);
      byte[] summary = parts[1].getBytes(StandardCharsets.US_ASCII);
      app.activities.exits.add(new ApplicationExitInfo(Integer.parseInt(parts[0]), summary));
    }
  }

  private static void act(FakeApp app, ReactHostImpl host, String what) throws Exception {
    OtaProcess process = OtaProcess.of(app);
    Activity activity = new Activity();
    if (what.equals("background") || what.equals("foreground")) {
      if (!isOnScreen) app.callbacks.onActivityStarted(activity);
      isOnScreen = what.equals("foreground");
      if (!isOnScreen) app.callbacks.onActivityStopped(activity);
    }
    if (what.startsWith("wait=")) Thread.sleep(Long.parseLong(what.substring(5)));
    if (what.equals("content")) {
      ReactMarker.logMarker(ReactMarkerConstants.CONTENT_APPEARED);
      System.out.println("snapshot: " + process.snapshotJson(process.launched()));
    }
    if (what.equals("confirm")) {
      DirectoryRecordFiles files = new DirectoryRecordFiles(process.directory, new OsFolderSync());
      IntentRecord intent = IntentRecordCodec.read(files.read("intent.0").record).record;
      intent.sequence += 1;
      intent.acknowledgedLaunchId = process.launched().launch.launchId;
      files.writeDurable("intent.1", IntentRecordCodec.write(intent));
    }
    if (what.equals("load")) host.delegate.getJsBundleLoader().loadScript(new Loading());
    if (what.equals("reload")) {
      AppRestart.reloadInProcess(host, null, process);
      System.out.println("reloads: " + host.reloads);
    }
    if (what.equals("fatal")) host.delegate.handleInstanceException(new Exception("JavaScript failed"));
    if (what.equals("crash")) throw new IllegalStateException("the app crashed");
  }

  private static final class Loading implements JSBundleLoaderDelegate {
    @Override
    public void loadScriptFromAssets(AssetManager assets, String url, boolean synchronously) {
      System.out.println("asset: " + url);
    }

    @Override
    public void loadScriptFromFile(String path, String sourceUrl, boolean synchronously) {
      System.out.println("file: " + path);
    }

    @Override
    public void loadSplitBundleFromFile(String path, String sourceUrl) {}

    @Override
    public void setSourceURLs(String device, String remote) {}
  }
}
