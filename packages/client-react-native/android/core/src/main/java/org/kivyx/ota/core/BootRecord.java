package org.kivyx.ota.core;

import java.util.ArrayList;
import java.util.List;

/** Everything that the boot code remembers ({@code boot.0}, {@code boot.1}). Written by the boot code only. */
public final class BootRecord {
  /** Rises by one with every write; also the source of launch ids. */
  public long sequence;

  /** Which installed binary this is about. */
  public String binaryId;

  /** Highest version code ever accepted under this binary, at least the embedded one. */
  public long highestVersionCode;

  /** Version codes up to this are refused although their hash is not in {@link #failed}: it was evicted. */
  public long rejectUpTo;

  /** Last consumed request of the intent record. */
  public long requestId;

  /** The bundle to run; empty for the embedded one. */
  public String currentSha256Hex = "";

  public long currentVersionCode;

  /** {@code P} never confirmed, {@code H} confirmed, empty for the embedded bundle. */
  public String currentState = "";

  public long currentRetryToken;
  public long crashes;
  public long unknowns;
  public long neutrals;

  /** Last confirmed bundle: the current one when that is {@code H}. */
  public String goodSha256Hex = "";

  public long goodVersionCode;

  /** The confirmed bundle before good. */
  public String previousSha256Hex = "";

  public long previousVersionCode;

  /** Lost to disk damage while nothing was held against it: it may be installed again. */
  public String lostSha256Hex = "";

  /** The launch whose outcome is not known yet; 0 for none. */
  public long launchId;

  public String launchSha256Hex = "";
  public List<FailedBundle> failed = new ArrayList<FailedBundle>();

  /** A record with nothing in it, for a binary that has never booted here. */
  BootRecord(String binaryId, long embeddedVersionCode) {
    this.binaryId = binaryId;
    this.highestVersionCode = embeddedVersionCode;
  }

  BootRecord copy() {
    BootRecord out = new BootRecord(binaryId, highestVersionCode);
    out.sequence = sequence;
    out.rejectUpTo = rejectUpTo;
    out.requestId = requestId;
    out.currentSha256Hex = currentSha256Hex;
    out.currentVersionCode = currentVersionCode;
    out.currentState = currentState;
    out.currentRetryToken = currentRetryToken;
    out.crashes = crashes;
    out.unknowns = unknowns;
    out.neutrals = neutrals;
    out.goodSha256Hex = goodSha256Hex;
    out.goodVersionCode = goodVersionCode;
    out.previousSha256Hex = previousSha256Hex;
    out.previousVersionCode = previousVersionCode;
    out.lostSha256Hex = lostSha256Hex;
    out.launchId = launchId;
    out.launchSha256Hex = launchSha256Hex;
    out.failed = new ArrayList<FailedBundle>(failed);
    return out;
  }
}
