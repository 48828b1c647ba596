package org.kivyx.ota.core;

/** A system that says nothing about the past. */
final class NoEvidence implements ExitEvidence {
  @Override
  public String markerName() {
    return null;
  }
}
