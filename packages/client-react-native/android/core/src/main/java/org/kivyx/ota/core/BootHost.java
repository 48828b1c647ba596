package org.kivyx.ota.core;

import java.io.File;
import java.io.IOException;

/** The boot of one app process: decides once, remembers what it decided, and decides again only for a reload. */
public final class BootHost {
  private final File directory;
  private final String binaryId;
  private final long embeddedVersionCode;
  private final RecordFiles files;
  private final BundleFolders bundles;
  private ProcessLock lock;
  private BootDecision decision;

  /** {@code directory}: the app's own, not backed up, removed with the app. Made when it is missing. */
  public BootHost(
      File directory, String binaryId, long embeddedVersionCode, FolderSync folderSync, ExitEvidence evidence) {
    this.directory = directory;
    this.binaryId = binaryId;
    this.embeddedVersionCode = embeddedVersionCode;
    this.files = new EvidenceRecordFiles(new DirectoryRecordFiles(directory, folderSync), evidence);
    this.bundles = new BundleFolders(directory);
  }

  /** The decision of this process. Never throws. */
  public synchronized BootDecision decision() {
    if (decision == null) decision = decide();
    return decision;
  }

  /** Absolute path of the launch file; null for the embedded bundle. */
  public String bundlePath() {
    Launch launch = decision().launch;
    return launch.isEmbedded() ? null : bundles.launchFile(launch.sha256Hex).getAbsolutePath();
  }

  /** {@code BootSnapshot} of the client as JSON: the records as they are now, {@code launched} as what runs. */
  public String snapshotJson(BootDecision launched, boolean hasContentAppeared) {
    return BootSnapshot.json(
        launched,
        hasContentAppeared,
        binaryId,
        embeddedVersionCode,
        BootRunner.readBoot(files, Slots.BOOT[0]),
        BootRunner.readBoot(files, Slots.BOOT[1]));
  }

  /** Has JavaScript confirmed the running launch? */
  public boolean isConfirmed() {
    SlotReading<IntentRecord> first = BootRunner.readIntent(files, Slots.INTENT[0]);
    SlotReading<IntentRecord> second = BootRunner.readIntent(files, Slots.INTENT[1]);
    int newest = Slots.newestIntent(first, second);
    return newest >= 0
        && (newest == 0 ? first : second).record.acknowledgedLaunchId == decision().launch.launchId;
  }

  /** Leaves evidence about the running launch. Never throws. */
  public void mark(String kind) {
    MarkerFiles.leave(directory, kind, decision().launch.launchId);
  }

  /** Takes evidence about the running launch back: it came to the foreground again. Never throws. */
  public void unmark(String kind) {
    MarkerFiles.takeBack(directory, kind, decision().launch.launchId);
  }

  /** Before an in-process reload: the running launch ends neutrally, and {@link #bundlePath} is decided anew. */
  public synchronized void prepareReload() {
    mark(Marker.BACKGROUND);
    decision = decide();
  }

  private BootDecision decide() {
    // Fails on a full disk, or when it is there; then nothing can be read or written, and the embedded bundle runs.
    directory.mkdirs();
    return BootRunner.run(
        files, new BootEnvironment(binaryId, embeddedVersionCode, holdsLock(), bundles));
  }

  private boolean holdsLock() {
    if (lock != null) return true;
    try {
      lock = ProcessLock.tryAcquire(directory);
      return lock != null;
    } catch (IOException | RuntimeException cannotTell) {
      // A disk on which no lock can be made takes no record either: what follows is a launch that writes nothing.
      return true;
    }
  }
}
