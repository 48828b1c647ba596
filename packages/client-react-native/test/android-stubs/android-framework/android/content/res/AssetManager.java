package android.content.res;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

public final class AssetManager {
  public static final int ACCESS_RANDOM = 1;
  private final File folder;

  public AssetManager(File folder) {
    this.folder = folder;
  }

  public InputStream open(String name, int accessMode) throws IOException {
    return new FileInputStream(new File(folder, name));
  }
}
