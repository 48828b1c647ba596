package org.kivyx.ota.core;

/** What the system says about how an earlier process ended. */
public interface ExitEvidence {
  /** Name of the marker that it amounts to, see {@link Marker#name(String, long)}; null for none. Never throws. */
  String markerName();
}
