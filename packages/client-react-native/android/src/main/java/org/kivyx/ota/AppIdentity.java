package org.kivyx.ota;

import android.content.Context;
import android.content.pm.ApplicationInfo;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import android.os.Bundle;

/** Which installed binary this is, and what its manifest says to us. */
final class AppIdentity {
  private static final String META_DATA = "org.kivyx.ota.";
  private static final long PENDING_TIMEOUT_SECONDS = 600;

  private final PackageInfo info;
  private final Bundle metaData;

  AppIdentity(Context app) throws PackageManager.NameNotFoundException {
    PackageManager packages = app.getPackageManager();
    info = packages.getPackageInfo(app.getPackageName(), 0);
    ApplicationInfo application =
        packages.getApplicationInfo(app.getPackageName(), PackageManager.GET_META_DATA);
    metaData = application.metaData;
  }

  /** Another one after every installation and update, whatever they bring. */
  @SuppressWarnings("deprecation") // getLongVersionCode needs API 28; the upper half is the same for all updates of an app.
  String binaryId() {
    return info.versionCode + ":" + info.lastUpdateTime;
  }

  /** As the store shows it. */
  String binaryVersion() {
    return info.versionName == null ? "" : info.versionName;
  }

  /** Version code of the bundle in the app; 0 when the manifest says none. */
  long embeddedVersionCode() {
    return number("EMBEDDED_VERSION_CODE", 0);
  }

  /** Empty when the manifest says none. */
  String runtimeVersion() {
    String value = value("RUNTIME_VERSION");
    return value == null ? "" : value;
  }

  /** Time in the foreground after which an unconfirmed launch counts as hanging. */
  long pendingTimeoutMs() {
    return number("PENDING_TIMEOUT_SECONDS", PENDING_TIMEOUT_SECONDS) * 1000;
  }

  /** Is JavaScript to be reloaded in the running process, or, as is the default, the process to be started anew? */
  boolean reloadsInProcess() {
    return "in-process".equals(value("RELOAD"));
  }

  private long number(String name, long absent) {
    Object value = metaData == null ? null : metaData.get(META_DATA + name);
    // What the build cannot hold in an int it makes a float of, rounded: then the next one above, so that nothing older is taken for newer.
    if (value instanceof Float) return (long) Math.nextUp((Float) value);
    try {
      return value == null ? absent : Long.parseLong(value.toString());
    } catch (NumberFormatException noNumber) {
      return absent;
    }
  }

  /** The build turns what looks like a number into one; both spellings are the same. */
  private String value(String name) {
    Object value = metaData == null ? null : metaData.get(META_DATA + name);
    return value == null ? null : value.toString();
  }
}
