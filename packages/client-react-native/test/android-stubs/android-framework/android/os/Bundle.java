package android.os;

import java.util.HashMap;
import java.util.Map;

public class Bundle {
  public final Map<String, Object> values = new HashMap<String, Object>();

  public Object get(String key) {
    return values.get(key);
  }
}
