package org.kivyx.ota;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One GET into a file: {@code DownloadPort} of the client, clause by clause. */
final class Download {
  private static final int CHUNK_BYTES = 32 * 1024;
  private static final int OK = 200;
  private static final int PARTIAL = 206;

  /** Size of the whole file, after each chunk. */
  interface Progress {
    void onSize(long sizeBytes);
  }

  private final String url;

  /** Name, value, name, value. */
  private final List<String> headers;

  private final File file;
  private final long offset;
  private final long maxSizeBytes;
  private final int idleTimeoutMs;
  private volatile boolean isCancelled;

  Download(
      String url, List<String> headers, File file, long offset, long maxSizeBytes, int idleTimeoutMs) {
    this.url = url;
    this.headers = headers;
    this.file = file;
    this.offset = offset;
    this.maxSizeBytes = maxSizeBytes;
    this.idleTimeoutMs = idleTimeoutMs;
  }

  /** From any thread; seen when the next bytes come, or when none come for the idle time. */
  void cancel() {
    isCancelled = true;
  }

  /** Status, then header names and values. */
  List<String> run(Progress progress) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    try {
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout(idleTimeoutMs);
      connection.setReadTimeout(idleTimeoutMs);
      // Android asks for gzip by itself otherwise, and then sizes and ranges are those of something else.
      connection.setRequestProperty("Accept-Encoding", "identity");
      for (int i = 0; i + 1 < headers.size(); i += 2)
        connection.setRequestProperty(headers.get(i), headers.get(i + 1));
      int status = connection.getResponseCode();
      if (status == OK || status == PARTIAL) take(connection, status == PARTIAL ? offset : 0, progress);
      return head(status, connection);
    } catch (SocketTimeoutException silent) {
      throw new DownloadException("ERR_CLIENT_TIMEOUT", "Nothing came for " + idleTimeoutMs + " ms", silent);
    } finally {
      connection.disconnect();
    }
  }

  private void take(HttpURLConnection connection, long start, Progress progress) throws IOException {
    long promised = promisedBytes(connection);
    if (promised >= 0 && start + promised > maxSizeBytes) throw tooLarge();
    if (start > 0 && !startsAt(connection.getHeaderField("Content-Range"), start))
      throw new IOException("Another part came than from byte " + start);
    try (InputStream in = connection.getInputStream();
        RandomAccessFile out = open(start)) {
      long size = start;
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        if (isCancelled) throw new DownloadException("ERR_CLIENT_ABORTED", "Stopped by the caller", null);
        if (size + count > maxSizeBytes) throw tooLarge();
        write(out, chunk, count);
        size += count;
        progress.onSize(size);
      }
      // Not every implementation says that a body of known length broke off.
      if (promised >= 0 && size - start < promised)
        throw new IOException("The body ended after " + (size - start) + " of " + promised + " bytes");
    }
  }

  private RandomAccessFile open(long start) throws IOException {
    RandomAccessFile out = null;
    try {
      out = new RandomAccessFile(file, "rw");
      if (out.length() < start) throw new IOException("Fewer than " + start + " bytes are there");
      out.setLength(start);
      out.seek(start);
      return out;
    } catch (IOException notOpened) {
      if (out != null) out.close();
      throw notStored(notOpened);
    }
  }

  private static void write(RandomAccessFile out, byte[] chunk, int count) throws IOException {
    try {
      out.write(chunk, 0, count);
    } catch (IOException notWritten) {
      throw notStored(notWritten);
    }
  }

  private static IOException notStored(IOException cause) {
    return new DownloadException("ERR_CLIENT_STORAGE", cause.getMessage(), cause);
  }

  private IOException tooLarge() {
    return new DownloadException("ERR_CLIENT_TOO_LARGE", "More than " + maxSizeBytes + " bytes", null);
  }

  /** -1: not said. */
  private static long promisedBytes(HttpURLConnection connection) {
    try {
      String length = connection.getHeaderField("Content-Length");
      return length == null ? -1 : Long.parseLong(length.trim());
    } catch (NumberFormatException noNumber) {
      return -1;
    }
  }

  private static boolean startsAt(String contentRange, long start) {
    return contentRange != null && contentRange.trim().startsWith("bytes " + start + "-");
  }

  private static List<String> head(int status, HttpURLConnection connection) {
    List<String> out = new ArrayList<String>();
    out.add(Integer.toString(status));
    for (Map.Entry<String, List<String>> field : connection.getHeaderFields().entrySet()) {
      // The status line has no name.
      if (field.getKey() == null) continue;
      for (String value : field.getValue()) {
        out.add(field.getKey());
        out.add(value);
      }
    }
    return out;
  }
}
