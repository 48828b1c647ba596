package org.kivyx.ota.core;

/** True when the launch file of that bundle is there and has the hash of its name. Asked only for bundles that matter. */
public interface IntactCheck {
  boolean isIntact(String sha256Hex);
}
