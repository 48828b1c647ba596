package org.kivyx.ota;

import android.content.Context;
import android.content.pm.PackageManager;
import android.util.Base64;
import com.facebook.react.ReactHost;
import com.facebook.react.bridge.Arguments;
import com.facebook.react.bridge.Promise;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.bridge.ReadableArray;
import com.facebook.react.bridge.WritableArray;
import com.facebook.react.bridge.WritableMap;
import java.io.File;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.kivyx.ota.core.BootDecision;
import org.kivyx.ota.core.DirectoryRecordFiles;
import org.kivyx.ota.core.SlotReading;

/** The native module: what each method does is said in {@code specs/NativeKivyxOta.ts}. */
public class KivyxOtaModule extends NativeKivyxOtaSpec {
  /** What JavaScript may write; everything else is the boot code's. */
  private static final List<String> RECORDS = Arrays.asList("intent.0", "intent.1", "trust.0", "trust.1");

  private static final int BASE64URL = Base64.URL_SAFE | Base64.NO_PADDING | Base64.NO_WRAP;
  private static final String STORAGE = "ERR_CLIENT_STORAGE";

  private final OtaProcess process;

  /** Of the JavaScript that this module belongs to: one that goes on after a reload was prepared must not confirm the next launch. */
  private final BootDecision launched;

  private final UpdateFiles files;
  private final DirectoryRecordFiles records;
  private final EmbeddedBundle embedded;
  private final EmbeddedAssets embeddedAssets;
  private final ExecutorService transfers = Executors.newCachedThreadPool(OtaThreads.named("kivyx-ota download"));
  private final Map<Long, Download> downloads = new ConcurrentHashMap<Long, Download>();
  private final SecureRandom random = new SecureRandom();

  public KivyxOtaModule(ReactApplicationContext context) throws PackageManager.NameNotFoundException {
    super(context);
    Context app = context.getApplicationContext();
    process = OtaProcess.of(app);
    launched = process.launched();
    files = new UpdateFiles(process.directory, new OsFolderSync());
    records = new DirectoryRecordFiles(process.directory, new OsFolderSync());
    embedded = new EmbeddedBundle(app);
    embeddedAssets = new EmbeddedAssets(app);
  }

  /** Native arrays and maps; a plain Java virtual machine has others. */
  protected WritableArray newArray() {
    return Arguments.createArray();
  }

  protected WritableMap newMap() {
    return Arguments.createMap();
  }

  @Override
  protected Map<String, Object> getTypedExportedConstants() {
    Map<String, Object> out = new HashMap<String, Object>();
    out.put("binaryVersion", process.identity.binaryVersion());
    out.put("boot", process.snapshotJson(launched));
    out.put("embeddedVersionCode", (double) process.identity.embeddedVersionCode());
    out.put("installationId", InstallationId.of(process.directory, new OsFolderSync()));
    out.put("runtimeVersion", process.identity.runtimeVersion());
    return out;
  }

  @Override
  public void readBoot(Promise promise) {
    onFiles(promise, () -> process.snapshotJson(launched));
  }

  @Override
  public void restart(Promise promise) {
    ReactHost host = process.reactHost();
    ReactApplicationContext context = getReactApplicationContext();
    onFiles(
        promise,
        () -> {
          if (host != null && process.identity.reloadsInProcess())
            AppRestart.reloadInProcess(host, context.getCurrentActivity(), process);
          else AppRestart.restartProcess(context.getApplicationContext(), process);
          return null;
        });
  }

  @Override
  public void readRecord(String name, Promise promise) {
    onFiles(
        promise,
        () -> {
          SlotReading<byte[]> found = records.read(checkedRecord(name));
          if (found.kind == SlotReading.Kind.LOCKED) throw new IOException(name + " cannot be read now");
          return toText(found.record);
        });
  }

  @Override
  public void writeRecord(String name, String bytes, Promise promise) {
    onFiles(
        promise,
        () -> {
          process.directory.mkdirs();
          records.writeDurable(checkedRecord(name), toBytes(bytes));
          return null;
        });
  }

  private static String checkedRecord(String name) throws IOException {
    if (!RECORDS.contains(name)) throw new IOException(name + " is no record of JavaScript");
    return name;
  }

  @Override
  public void sizeOf(String path, Promise promise) {
    onFiles(promise, () -> (double) files.sizeOf(path));
  }

  @Override
  public void readPart(String path, double offset, double length, Promise promise) {
    onFiles(promise, () -> toText(files.readPart(path, (long) offset, (int) length)));
  }

  @Override
  public void writeFile(String path, String bytes, Promise promise) {
    onFiles(
        promise,
        () -> {
          files.write(path, toBytes(bytes));
          return null;
        });
  }

  @Override
  public void appendFile(String path, String bytes, Promise promise) {
    onFiles(
        promise,
        () -> {
          files.append(path, toBytes(bytes));
          return null;
        });
  }

  @Override
  public void sha256File(String path, Promise promise) {
    onFiles(promise, () -> files.sha256File(path));
  }

  @Override
  public void link(String from, String to, Promise promise) {
    onFiles(
        promise,
        () -> {
          files.link(from, to);
          return null;
        });
  }

  @Override
  public void rename(String from, String to, Promise promise) {
    onFiles(
        promise,
        () -> {
          files.rename(from, to);
          return null;
        });
  }

  @Override
  public void remove(String path, Promise promise) {
    onFiles(
        promise,
        () -> {
          files.remove(path);
          return null;
        });
  }

  @Override
  public void list(String path, Promise promise) {
    onFiles(promise, () -> toArray(Arrays.asList(files.list(path))));
  }

  @Override
  public void freeBytes(Promise promise) {
    onFiles(promise, () -> (double) files.freeBytes());
  }

  @Override
  public void embeddedSize(Promise promise) {
    onFiles(promise, () -> (double) embedded.size());
  }

  @Override
  public void readEmbedded(double offset, double length, Promise promise) {
    onFiles(promise, () -> toText(embedded.readPart((long) offset, (int) length)));
  }

  @Override
  public void copyEmbeddedAsset(String sha256Hex, String path, Promise promise) {
    onFiles(promise, () -> embeddedAssets.copy(sha256Hex, files, path));
  }

  @Override
  public void download(
      double id,
      String url,
      ReadableArray headers,
      String path,
      double offset,
      double maxSizeBytes,
      double idleTimeoutMs,
      Promise promise) {
    List<String> pairs = new ArrayList<String>();
    for (int i = 0; i < headers.size(); i++) pairs.add(headers.getString(i));
    settle(
        transfers,
        promise,
        "ERR_CLIENT_NETWORK",
        () -> {
          File file = files.withFolder(path);
          Download download =
              new Download(url, pairs, file, (long) offset, (long) maxSizeBytes, (int) idleTimeoutMs);
          downloads.put((long) id, download);
          try {
            return toArray(download.run(sizeBytes -> tell(id, sizeBytes)));
          } finally {
            downloads.remove((long) id);
          }
        });
  }

  private void tell(double id, long sizeBytes) {
    WritableMap event = newMap();
    event.putDouble("id", id);
    event.putDouble("sizeBytes", (double) sizeBytes);
    emitOnDownload(event);
  }

  @Override
  public void cancelDownload(double id) {
    Download download = downloads.get((long) id);
    if (download != null) download.cancel();
  }

  @Override
  public String randomBytes(double length) {
    byte[] bytes = new byte[(int) length];
    random.nextBytes(bytes);
    return toText(bytes);
  }

  /** React Native goes away, or loads again: nobody waits for what is still coming. */
  @Override
  public void invalidate() {
    for (Download download : downloads.values()) download.cancel();
    transfers.shutdown();
    super.invalidate();
  }

  private interface Work {
    Object run() throws IOException;
  }

  private void onFiles(Promise promise, Work work) {
    settle(process.files, promise, STORAGE, work);
  }

  private static void settle(Executor thread, Promise promise, String code, Work work) {
    thread.execute(
        () -> {
          try {
            promise.resolve(work.run());
          } catch (DownloadException failed) {
            promise.reject(failed.code, failed.getMessage(), failed);
          } catch (IOException | RuntimeException failed) {
            promise.reject(code, String.valueOf(failed.getMessage()), failed);
          }
        });
  }

  private WritableArray toArray(List<String> texts) {
    WritableArray out = newArray();
    for (String text : texts) out.pushString(text);
    return out;
  }

  private static String toText(byte[] bytes) {
    return bytes == null ? null : Base64.encodeToString(bytes, BASE64URL);
  }

  private static byte[] toBytes(String text) {
    return Base64.decode(text, BASE64URL);
  }
}
