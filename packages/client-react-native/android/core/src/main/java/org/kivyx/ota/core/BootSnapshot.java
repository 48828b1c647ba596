package org.kivyx.ota.core;

import java.util.ArrayList;
import java.util.List;

/** What JavaScript may know of the boot: {@code BootSnapshot} of the client, as JSON. No value in it needs escaping. */
final class BootSnapshot {
  private final List<String> members = new ArrayList<String>();

  private BootSnapshot() {}

  /** {@code first} and {@code second}: both boot slots as they are now. {@code launched}: what runs where this is asked. */
  static String json(
      BootDecision launched,
      boolean hasContentAppeared,
      String binaryId,
      long embeddedVersionCode,
      SlotReading<BootRecord> first,
      SlotReading<BootRecord> second) {
    int newest = Slots.newestBoot(first, second);
    BootRecord record =
        newest < 0 ? new BootRecord(binaryId, embeddedVersionCode) : (newest == 0 ? first : second).record;
    long highest = Math.max(Math.max(record.highestVersionCode, record.rejectUpTo), embeddedVersionCode);
    Launch launch = launched.launch;
    BootSnapshot json = new BootSnapshot();
    json.text("running", launch.isEmbedded() ? "embedded" : launch.sha256Hex);
    json.value("versionCode", launch.isEmbedded() ? embeddedVersionCode : launch.versionCode);
    if (launch.launchId > 0) json.value("launchId", launch.launchId);
    json.value("pending", launch.pending);
    json.value("highestVersionCode", highest);
    json.value("failed", failed(record.failed));
    json.value("consumedRequestId", record.requestId);
    json.text("binaryId", binaryId);
    json.value("keep", keep(first, second));
    json.value("reasons", reasons(launched.reasons));
    json.value("contentAppeared", hasContentAppeared);
    return json.object();
  }

  private static String failed(List<FailedBundle> failed) {
    List<String> items = new ArrayList<String>();
    for (FailedBundle one : failed) {
      BootSnapshot json = new BootSnapshot();
      json.text("sha256Hex", one.sha256Hex);
      json.text("cause", one.byCrash ? "crash" : "unknown");
      json.value("retryToken", one.retryToken);
      items.add(json.object());
    }
    return array(items);
  }

  private static String reasons(List<BootReason> reasons) {
    List<String> items = new ArrayList<String>();
    for (BootReason one : reasons) {
      BootSnapshot json = new BootSnapshot();
      json.text("code", one.code);
      if (!one.sha256Hex.isEmpty()) json.text("sha256Hex", one.sha256Hex);
      items.add(json.object());
    }
    return array(items);
  }

  /** Of both slots: when one turns out torn at the next boot, the other one counts. */
  private static String keep(SlotReading<BootRecord> first, SlotReading<BootRecord> second) {
    List<String> items = new ArrayList<String>();
    addNeeded(items, first.record);
    addNeeded(items, second.record);
    return array(items);
  }

  private static void addNeeded(List<String> items, BootRecord record) {
    if (record == null) return;
    String[] hashes = {record.currentSha256Hex, record.goodSha256Hex, record.previousSha256Hex};
    for (String hash : hashes) if (!hash.isEmpty()) items.add('"' + hash + '"');
  }

  private void text(String key, String value) {
    value(key, '"' + value + '"');
  }

  private void value(String key, Object json) {
    members.add('"' + key + "\":" + json);
  }

  private String object() {
    return '{' + commas(members) + '}';
  }

  private static String array(List<String> items) {
    return '[' + commas(items) + ']';
  }

  private static String commas(List<String> items) {
    StringBuilder out = new StringBuilder();
    for (String item : items) out.append(out.length() == 0 ? "" : ",").append(item);
    return out.toString();
  }
}
