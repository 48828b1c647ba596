package org.kivyx.ota;

import android.content.Context;
import android.content.pm.ApplicationInfo;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.kivyx.ota.core.Sha256Hex;

/**
 * Images and fonts in the app, found by their hash in its archives: what the build shrank, renamed or crunched is only what it is
 * when the bytes are the same.
 */
final class EmbeddedAssets {
  private static final int CHUNK_BYTES = 64 * 1024;

  /** Larger ones are fetched: hashing them all costs more. */
  private static final long MAX_ASSET_BYTES = 8 * 1024 * 1024;

  private final Context app;

  /** Archive and entry by hash; made when the first asset is wanted. */
  private Map<String, String[]> places;

  EmbeddedAssets(Context app) {
    this.app = app;
  }

  /** False: the app has no such asset. */
  boolean copy(String sha256Hex, UpdateFiles files, String path) throws IOException {
    if (places == null) places = index();
    String[] place = places.get(sha256Hex);
    if (place == null) return false;
    try (ZipFile archive = new ZipFile(place[0]);
        InputStream in = archive.getInputStream(archive.getEntry(place[1]))) {
      files.replace(path, in);
    }
    return true;
  }

  private Map<String, String[]> index() throws IOException {
    Map<String, String[]> out = new HashMap<String, String[]>();
    ApplicationInfo info = app.getApplicationInfo();
    addAll(info.sourceDir, out);
    // Bundles of the store bring images of one density in an archive of their own.
    if (info.splitSourceDirs != null) for (String split : info.splitSourceDirs) addAll(split, out);
    return out;
  }

  private static void addAll(String path, Map<String, String[]> out) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (ZipFile archive = new ZipFile(path)) {
      for (Enumeration<? extends ZipEntry> all = archive.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (!isAsset(entry)) continue;
        MessageDigest digest = Sha256Hex.newDigest();
        try (InputStream in = archive.getInputStream(entry)) {
          for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) digest.update(chunk, 0, count);
        }
        out.put(Sha256Hex.finish(digest), new String[] {path, entry.getName()});
      }
    }
  }

  private static boolean isAsset(ZipEntry entry) {
    String name = entry.getName();
    return !entry.isDirectory()
        && name.startsWith("res/")
        && !name.endsWith(".xml")
        && entry.getSize() <= MAX_ASSET_BYTES;
  }
}
