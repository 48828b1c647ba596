package org.kivyx.ota.core;

/** Evidence about a launch: a file whose name says all, because a handler can do no more than make one. */
public final class Marker {
  public static final String CRASH = "crash";
  public static final String TIMEOUT = "timeout";

  /** In the background, or by a wanted reload. */
  public static final String BACKGROUND = "bg";

  private static final String[] KINDS = {CRASH, TIMEOUT, BACKGROUND};

  public final String kind;
  public final long launchId;

  Marker(String kind, long launchId) {
    this.kind = kind;
    this.launchId = launchId;
  }

  /** File name, e.g. {@code crash.17}. */
  public static String name(String kind, long launchId) {
    return kind + "." + launchId;
  }

  String name() {
    return name(kind, launchId);
  }

  /** The marker that a file name stands for; null for any other file. */
  static Marker parse(String name) {
    for (String kind : KINDS) {
      if (!name.startsWith(kind + ".")) continue;
      long launchId = Fields.parseInteger(name.substring(kind.length() + 1));
      return launchId <= 0 ? null : new Marker(kind, launchId);
    }
    return null;
  }
}
