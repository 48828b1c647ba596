package org.kivyx.ota.core;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs every vector and prints how many outcomes are equal. Exit code 1 when one is not. */
public final class VectorRunner {
  private final VectorLines in;
  private final Map<String, byte[]> contents = new HashMap<String, byte[]>();
  private final Map<String, Integer> equal = new HashMap<String, Integer>();
  private int unequal;

  private VectorRunner(VectorLines in) {
    this.in = in;
  }

  public static void main(String[] args) throws IOException {
    VectorRunner runner = new VectorRunner(new VectorLines(new File(args[0])));
    runner.runAll();
    System.out.println(
        "equal: boots " + runner.equal.get("boot") + ", boots with a failing write " + runner.equal.get("failing")
            + ", records " + runner.equal.get("record") + ", markers " + runner.equal.get("marker")
            + ", clean-ups " + runner.equal.get("clean-up") + "; unequal: " + runner.unequal);
    if (runner.unequal > 0) System.exit(1);
  }

  private void runAll() throws IOException {
    in.expect("kivyx-lifecycle-vectors");
    for (String key = in.next(); key != null; key = in.next()) {
      if (key.equals("file")) contents.put(in.word(1), in.bytes(2));
      else if (key.equals("record")) runRecord();
      else if (key.equals("marker")) runMarker();
      else if (key.equals("boot")) runBoot(in.word(1));
      else if (key.equals("clean-up")) runCleanUp(in.word(1));
      else throw new IOException("Unknown line " + key);
    }
  }

  private void check(String kind, String name, String expected, String found) {
    if (expected.equals(found)) {
      Integer before = equal.get(kind);
      equal.put(kind, before == null ? 1 : before + 1);
      return;
    }
    unequal++;
    System.out.println("UNEQUAL " + kind + " " + name + "\n  expected " + expected + "\n  found    " + found);
  }

  private void runRecord() {
    byte[] bytes = contents.get(in.word(3));
    String expected = in.word(4) + " " + in.word(5);
    SlotReading<?> found;
    byte[] again = bytes;
    if (in.word(2).equals("boot")) {
      SlotReading<BootRecord> reading = BootRecordCodec.read(bytes);
      if (reading.record != null) again = BootRecordCodec.write(reading.record);
      found = reading;
    } else {
      SlotReading<IntentRecord> reading = IntentRecordCodec.read(bytes);
      if (reading.record != null) again = IntentRecordCodec.write(reading.record);
      found = reading;
    }
    String kind = found.kind == SlotReading.Kind.RECORD ? "record"
        : found.kind == SlotReading.Kind.CORRUPT ? "corrupt" : "newer";
    boolean same = Arrays.equals(bytes, again);
    check("record", in.word(1), expected, kind + " " + found.detail + (same ? "" : " (written otherwise)"));
  }

  private void runMarker() {
    Marker marker = Marker.parse(in.word(1));
    String found = marker == null ? " 0" : marker.kind + " " + marker.launchId;
    check("marker", in.word(1), in.word(2) + " " + in.word(3), found);
  }

  private SlotReading<byte[]> slot(String reference) {
    if (reference.equals("absent")) return SlotReading.absent();
    if (reference.equals("locked")) return SlotReading.locked();
    return SlotReading.of(contents.get(reference));
  }

  private List<String> slots() throws IOException {
    in.expect("slots");
    return Arrays.asList(in.word(1), in.word(2), in.word(3), in.word(4));
  }

  private void runBoot(String name) throws IOException {
    List<String> slots = slots();
    in.expect("names");
    String[] names = in.word(1).equals("locked") ? null : in.list().toArray(new String[0]);
    in.expect("binary");
    String binaryId = in.word(1);
    long embeddedVersionCode = in.integer(2);
    in.expect("lock");
    boolean lockAcquired = in.integer(1) == 1;
    in.expect("intact");
    final Set<String> intact = new HashSet<String>(in.list());
    BootEnvironment environment = new BootEnvironment(binaryId, embeddedVersionCode, lockAcquired,
        new IntactCheck() {
          @Override
          public boolean isIntact(String sha256Hex) {
            return intact.contains(sha256Hex);
          }
        });

    String expected = readExpected();
    in.expect("write");
    String expectedSlot = in.word(1);
    byte[] expectedBytes = expectedSlot.isEmpty() ? new byte[0] : contents.get(in.word(2));
    String failing = null;
    String key = in.next();
    if (key.equals("failing")) {
      failing = readExpected();
      key = in.next();
    }
    if (!key.equals("end")) throw new IOException("Expected the end of " + name + ", not " + key);

    MemoryRecordFiles files = files(slots, names, false);
    BootDecision decision = BootRunner.run(files, environment);
    boolean written = files.writtenSlot.equals(expectedSlot) && Arrays.equals(files.written, expectedBytes);
    boolean removed = files.removed.equals(decision.deletes);
    check("boot", name, expected,
        text(decision) + (written ? "" : " (another write)") + (removed ? "" : " (removed something else)"));
    BootDecision readOnly = BootRunner.run(files(slots, names, true), environment);
    check("failing", name, failing == null ? expected : failing, text(readOnly));
  }

  private MemoryRecordFiles files(List<String> slots, String[] names, boolean writeFails) {
    MemoryRecordFiles files = new MemoryRecordFiles();
    for (int i = 0; i < 2; i++) {
      files.slots.put(Slots.BOOT[i], slot(slots.get(i)));
      files.slots.put(Slots.INTENT[i], slot(slots.get(2 + i)));
    }
    files.names = names;
    files.writeFails = writeFails;
    return files;
  }

  /** The lines launch, deletes and reasons, as {@link #text} writes a decision. */
  private String readExpected() throws IOException {
    in.expect("launch");
    StringBuilder out = new StringBuilder();
    for (int i = 1; i < in.count(); i++) out.append(in.word(i)).append(' ');
    in.expect("deletes");
    out.append("deletes ").append(in.list());
    in.expect("reasons");
    return out.append(" reasons ").append(in.list()).toString();
  }

  private static String text(BootDecision decision) {
    Launch launch = decision.launch;
    List<String> reasons = new ArrayList<String>();
    for (BootReason one : decision.reasons) reasons.add(one.code + ":" + one.sha256Hex);
    String what = launch.isEmbedded() ? "embedded "
        : "bundle " + launch.sha256Hex + " " + launch.versionCode + " " + (launch.pending ? 1 : 0) + " "
            + launch.launchId + " ";
    return what + "deletes " + decision.deletes + " reasons " + reasons;
  }

  private void runCleanUp(String name) throws IOException {
    List<String> slots = slots();
    List<SlotReading<BootRecord>> boot = new ArrayList<SlotReading<BootRecord>>();
    List<SlotReading<IntentRecord>> intent = new ArrayList<SlotReading<IntentRecord>>();
    for (int i = 0; i < 2; i++) {
      SlotReading<byte[]> one = slot(slots.get(i));
      SlotReading<byte[]> two = slot(slots.get(2 + i));
      boot.add(one.record != null ? BootRecordCodec.read(one.record)
          : one.kind == SlotReading.Kind.LOCKED ? SlotReading.<BootRecord>locked() : SlotReading.<BootRecord>absent());
      intent.add(two.record != null ? IntentRecordCodec.read(two.record)
          : two.kind == SlotReading.Kind.LOCKED ? SlotReading.<IntentRecord>locked() : SlotReading.<IntentRecord>absent());
    }
    in.expect("bundles");
    List<String> bundles = in.list();
    in.expect("in-use");
    List<String> inUse = in.list();
    in.expect("removable");
    String expected = in.list().toString();
    in.expect("end");
    check("clean-up", name, expected, CleanUpPlan.removable(boot, intent, bundles, inUse).toString());
  }
}
