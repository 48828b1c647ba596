package org.kivyx.ota;

import android.app.Application;
import android.content.Context;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageManager;
import com.facebook.react.ReactHost;
import com.facebook.react.bridge.ReactMarker;
import com.facebook.react.bridge.ReactMarkerConstants;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.kivyx.ota.core.BootDecision;
import org.kivyx.ota.core.BootHost;
import org.kivyx.ota.core.Marker;

/** What one process of the app knows of its launch. There is one of it. */
final class OtaProcess {
  private static OtaProcess current;

  final AppIdentity identity;

  /** Of the records and of everything that is downloaded. */
  final File directory;

  /** Everything that touches files, one after the other: two JavaScript contexts can live for a moment, in a reload. */
  final ExecutorService files = Executors.newSingleThreadExecutor(OtaThreads.named("kivyx-ota files"));

  private final Context app;
  private final BootHost host;
  private final ExitReasons exitReasons;

  /** Why this process never launches an update; null: it may. */
  private final String whyNot;

  /** A hint, no more: React Native says it once per view of a process, not once per load. */
  private volatile boolean hasContentAppeared;

  private ForegroundWatch watch;
  private ReactHost reactHost;

  private OtaProcess(Context app) throws PackageManager.NameNotFoundException {
    this.app = app;
    identity = new AppIdentity(app);
    directory = new File(app.getNoBackupFilesDir(), "kivyx-ota/v1");
    exitReasons = new ExitReasons(app);
    whyNot = whyNot(app);
    host =
        new BootHost(
            directory,
            identity.binaryId(),
            identity.embeddedVersionCode(),
            new OsFolderSync(),
            exitReasons);
  }

  static synchronized OtaProcess of(Context context) throws PackageManager.NameNotFoundException {
    if (current == null) current = new OtaProcess(context.getApplicationContext());
    return current;
  }

  private static String whyNot(Context app) {
    if ((app.getApplicationInfo().flags & ApplicationInfo.FLAG_DEBUGGABLE) != 0) return "debug-build";
    try {
      if (!MainProcess.isThisOne(app)) return "other-process";
    } catch (IOException cannotTell) {
      return "other-process";
    }
    return MainProcess.isStorageUnlocked(app) ? null : "locked";
  }

  /** Decides what is launched, at the first call; null for the bundle in the app. */
  synchronized String bundlePath() {
    if (whyNot != null) return null;
    String path = host.bundlePath();
    if (watch == null) watch = watch();
    return path;
  }

  /** What runs, as far as was decided. Only who is about to launch decides: a bundle that nobody launches must not count. */
  synchronized BootDecision launched() {
    if (whyNot != null) return BootDecision.embedded(whyNot);
    return watch == null ? BootDecision.embedded("not-asked") : host.decision();
  }

  String snapshotJson(BootDecision launched) {
    return host.snapshotJson(launched, hasContentAppeared);
  }

  /** Evidence that this launch crashed. Never throws. */
  synchronized void markCrash() {
    if (watch != null) host.mark(Marker.CRASH);
  }

  /** This launch ends because somebody wants it to. Never throws. */
  synchronized void markWanted() {
    if (watch != null) host.mark(Marker.BACKGROUND);
  }

  /** The host whose loader asks {@link #bundlePath} each time; null when the app made its own. */
  synchronized ReactHost reactHost() {
    return reactHost;
  }

  synchronized void setReactHost(ReactHost made) {
    reactHost = made;
  }

  /** Decides anew, for a reload in this process. */
  synchronized void prepareReload() {
    if (watch == null) return;
    host.prepareReload();
    begin(watch);
  }

  private ForegroundWatch watch() {
    Thread.setDefaultUncaughtExceptionHandler(
        new CrashHandler(this, Thread.getDefaultUncaughtExceptionHandler()));
    ForegroundWatch made = new ForegroundWatch(host, identity.pendingTimeoutMs());
    if (app instanceof Application) ((Application) app).registerActivityLifecycleCallbacks(made);
    ReactMarker.addListener(
        (name, tag, instanceKey) -> hasContentAppeared |= name == ReactMarkerConstants.CONTENT_APPEARED);
    begin(made);
    return made;
  }

  private void begin(ForegroundWatch of) {
    of.begin(host.decision().launch);
    exitReasons.nameThisLaunch(host.decision().launch.launchId);
  }
}
