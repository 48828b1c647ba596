package org.kivyx.ota.core;

import java.io.File;
import java.io.IOException;

/**
 * A phone as a process: {@code <directory> <binaryId> <embeddedVersionCode> boot|hold|<seed>}. {@code boot}: one boot. {@code hold}: one
 * boot, then waits to be killed. A seed: boot after boot until it is killed, with a life in between. One line for each boot.
 */
public final class BootProgram {
  private BootProgram() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    File directory = new File(args[0]);
    if (args[3].equals("boot") || args[3].equals("hold")) {
      BootHost host = new BootHost(directory, args[1], Long.parseLong(args[2]), new JvmFolderSync(), new NoEvidence());
      print(host.decision());
      if (args[3].equals("hold")) Thread.sleep(Long.MAX_VALUE);
      return;
    }
    RecordFiles files = new DirectoryRecordFiles(directory, new JvmFolderSync());
    BootEnvironment environment =
        new BootEnvironment(args[1], Long.parseLong(args[2]), true, new BundleFolders(directory));
    PhoneLife life = new PhoneLife(directory, args[1], files, Long.parseLong(args[3]));
    while (true) {
      BootDecision decision = BootRunner.run(files, environment);
      print(decision);
      life.live(decision);
    }
  }

  private static void print(BootDecision decision) {
    StringBuilder out = new StringBuilder();
    out.append(decision.record == null ? 0 : decision.record.sequence).append(' ');
    Launch launch = decision.launch;
    out.append(launch.isEmbedded() ? "embedded" : launch.sha256Hex).append(' ').append(launch.versionCode);
    out.append(' ').append(launch.pending ? 1 : 0).append(' ').append(launch.launchId).append(' ');
    for (BootReason one : decision.reasons) out.append(one.code).append(':').append(one.sha256Hex).append(',');
    System.out.println(out);
    System.out.flush();
  }
}
