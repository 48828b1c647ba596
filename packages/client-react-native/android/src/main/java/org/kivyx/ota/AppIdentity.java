package org.kivyx.ota;

import android.content.Context;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import android.os.Bundle;

/** Which installed binary this is. */
final class AppIdentity {
  private static final String EMBEDDED_VERSION_CODE = "org.kivyx.ota.EMBEDDED_VERSION_CODE";

  private AppIdentity() {}

  /** Another one after every installation and update, whatever they bring. */
  @SuppressWarnings("deprecation") // getLongVersionCode needs API 28; the upper half is the same for all updates of an app.
  static String binaryId(Context app) throws PackageManager.NameNotFoundException {
    PackageInfo info = app.getPackageManager().getPackageInfo(app.getPackageName(), 0);
    return info.versionCode + ":" + info.lastUpdateTime;
  }

  /** Version code of the bundle in the app, from the manifest's meta-data; 0 when it says none. */
  static long embeddedVersionCode(Context app) throws PackageManager.NameNotFoundException {
    Bundle metaData =
        app.getPackageManager().getApplicationInfo(app.getPackageName(), PackageManager.GET_META_DATA).metaData;
    Object value = metaData == null ? null : metaData.get(EMBEDDED_VERSION_CODE);
    // The build turns what looks like a number into one; both spellings are the same.
    return value == null ? 0 : Long.parseLong(value.toString());
  }
}
