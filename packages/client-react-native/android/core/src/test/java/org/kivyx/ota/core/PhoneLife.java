package org.kivyx.ota.core;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

/** What happens between two boots: the app confirms, crashes, is sent away, asks for something, or just vanishes. */
final class PhoneLife {
  private final File directory;
  private final String binaryId;
  private final RecordFiles files;
  private final Random random;
  private final String[] bundles;

  PhoneLife(File directory, String binaryId, RecordFiles files, long seed) {
    this.directory = directory;
    this.binaryId = binaryId;
    this.files = files;
    this.random = new Random(seed);
    String[] names = new File(directory, "bundles").list();
    this.bundles = names == null ? new String[0] : names;
    Arrays.sort(bundles);
  }

  void live(BootDecision decision) throws IOException {
    long launchId = decision.launch.launchId;
    int event = random.nextInt(10);
    if (event <= 2 && launchId > 0) {
      IntentRecord intent = newestIntent();
      intent.acknowledgedLaunchId = launchId;
      write(intent);
    } else if (event == 3) MarkerFiles.leave(directory, Marker.CRASH, launchId);
    else if (event == 4) MarkerFiles.leave(directory, Marker.BACKGROUND, launchId);
    else if (event == 5) MarkerFiles.leave(directory, Marker.TIMEOUT, launchId);
    else if (event <= 8 && bundles.length > 0) ask(decision);
  }

  private void ask(BootDecision decision) throws IOException {
    IntentRecord intent = newestIntent();
    long consumed = decision.record == null ? 0 : decision.record.requestId;
    long highest = decision.record == null ? 0 : decision.record.highestVersionCode;
    intent.requestId = Math.max(intent.requestId, consumed) + 1;
    intent.directive = random.nextInt(8) == 0;
    intent.stage = intent.directive && random.nextBoolean() ? "embedded" : bundles[random.nextInt(bundles.length)];
    intent.versionCode = Math.max(highest, intent.versionCode) + 1;
    intent.retryToken = intent.versionCode;
    intent.binaryId = binaryId;
    write(intent);
  }

  private SlotReading<IntentRecord> read(String name) {
    SlotReading<byte[]> found = files.read(name);
    return found.record == null ? SlotReading.<IntentRecord>absent() : IntentRecordCodec.read(found.record);
  }

  private IntentRecord newestIntent() {
    SlotReading<IntentRecord> first = read(Slots.INTENT[0]);
    SlotReading<IntentRecord> second = read(Slots.INTENT[1]);
    int newest = Slots.newestIntent(first, second);
    if (newest < 0) return new IntentRecord();
    return newest == 0 ? first.record : second.record;
  }

  private void write(IntentRecord intent) throws IOException {
    intent.sequence += 1;
    files.writeDurable(Slots.INTENT[(int) (intent.sequence % 2)], IntentRecordCodec.write(intent));
  }
}
