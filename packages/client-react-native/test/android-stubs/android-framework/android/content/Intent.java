package android.content;

import android.os.Parcelable;
import java.util.HashMap;
import java.util.Map;

public class Intent implements Parcelable {
  public static final int FLAG_ACTIVITY_NEW_TASK = 0x10000000;
  public final Map<String, Object> extras = new HashMap<String, Object>();
  public Class<?> target;
  public int flags;

  public Intent() {}

  public Intent(Context context, Class<?> target) {
    this.target = target;
  }

  public static Intent makeRestartActivityTask(ComponentName activity) {
    return new Intent();
  }

  public Intent addFlags(int more) {
    flags |= more;
    return this;
  }

  public Intent putExtra(String name, int value) {
    extras.put(name, value);
    return this;
  }

  public Intent putExtra(String name, Parcelable value) {
    extras.put(name, value);
    return this;
  }

  public int getIntExtra(String name, int absent) {
    return extras.containsKey(name) ? (Integer) extras.get(name) : absent;
  }

  @Deprecated
  @SuppressWarnings("unchecked")
  public <T extends Parcelable> T getParcelableExtra(String name) {
    return (T) extras.get(name);
  }

  public ComponentName getComponent() {
    return new ComponentName();
  }
}
