package org.kivyx.ota;

import com.facebook.react.bridge.CxxCallbackImpl;
import com.facebook.react.bridge.JavaOnlyArray;
import com.facebook.react.bridge.JavaOnlyMap;
import com.facebook.react.bridge.Promise;
import com.facebook.react.bridge.ReactApplicationContext;
import com.facebook.react.bridge.ReadableArray;
import com.facebook.react.bridge.ReadableMap;
import com.facebook.react.bridge.WritableArray;
import com.facebook.react.bridge.WritableMap;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.UnsupportedEncodingException;
import java.lang.reflect.Method;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The module behind a pipe: {@code <files dir>}; then a line for each call, {@code <n> <method> <argument>…}, answered by {@code <n> ok
 * <value>} or {@code <n> failed <code> <message>}. Values: {@code s…} text, {@code d…} number, {@code b…} boolean, {@code a…,…} array, {@code n} null;
 * text is percent-encoded. Events come between: {@code event <id> <size>}.
 */
public final class ModuleProgram {
  private ModuleProgram() {}

  public static void main(String[] args) throws Exception {
    FakeApp app = new FakeApp(new File(args[0]));
    System.out.println("path " + KivyxOta.bundlePath(app));
    Module module = new Module(new ReactApplicationContext(app));
    module.listen();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      if (words[1].equals("started-activity")) {
        say(words[0] + " ok " + value(app.started == null ? null : app.started.target.getName()));
        continue;
      }
      call(module, words);
    }
  }

  private static void call(Module module, String[] words) throws Exception {
    Method method = null;
    for (Method one : KivyxOtaModule.class.getMethods()) if (one.getName().equals(words[1]) && !one.isBridge()) method = one;
    Class<?>[] types = method.getParameterTypes();
    Object[] values = new Object[types.length];
    boolean isAsync = types.length > 0 && types[types.length - 1] == Promise.class;
    for (int i = 0; i < types.length; i++) {
      if (types[i] == Promise.class) values[i] = new Answer(words[0]);
      else values[i] = argument(types[i], words.length > i + 2 ? words[i + 2] : "");
    }
    Object result = method.invoke(module, values);
    if (!isAsync) say(words[0] + " ok " + value(result));
  }

  private static Object argument(Class<?> type, String word) throws UnsupportedEncodingException {
    if (type == double.class) return Double.parseDouble(word);
    if (type != ReadableArray.class) return URLDecoder.decode(word, "UTF-8");
    JavaOnlyArray out = new JavaOnlyArray();
    if (!word.isEmpty()) for (String one : word.split(",", -1)) out.pushString(URLDecoder.decode(one, "UTF-8"));
    return out;
  }

  private static String value(Object value) throws UnsupportedEncodingException {
    if (value == null) return "n";
    if (value instanceof Double) return "d" + (long) (double) (Double) value;
    if (value instanceof Boolean) return "b" + value;
    if (value instanceof String) return "s" + encode((String) value);
    StringBuilder out = new StringBuilder();
    if (value instanceof Map) {
      for (Map.Entry<?, ?> one : ((Map<?, ?>) value).entrySet())
        out.append(one.getKey()).append(',').append(encode(String.valueOf(one.getValue()))).append(',');
    } else {
      ReadableArray array = (ReadableArray) value;
      for (int i = 0; i < array.size(); i++) out.append(encode(array.getString(i))).append(',');
    }
    return "a" + out;
  }

  private static String encode(String text) throws UnsupportedEncodingException {
    return URLEncoder.encode(text, "UTF-8").replace("+", "%20");
  }

  private static synchronized void say(String line) {
    System.out.println(line);
  }

  /** With arrays and maps that need no native library. */
  private static final class Module extends KivyxOtaModule {
    Module(ReactApplicationContext context) throws Exception {
      super(context);
    }

    void listen() {
      setEventEmitterCallback(
          new CxxCallbackImpl(
              (name, event) ->
                  say("event " + (long) ((ReadableMap) event).getDouble("id") + " " + (long) ((ReadableMap) event).getDouble("sizeBytes"))));
    }

    @Override
    protected WritableArray newArray() {
      return new JavaOnlyArray();
    }

    @Override
    protected WritableMap newMap() {
      return new JavaOnlyMap();
    }
  }

  private static final class Answer implements Promise {
    private final String call;

    Answer(String call) {
      this.call = call;
    }

    @Override
    public void resolve(Object result) {
      try {
        say(call + " ok " + value(result));
      } catch (UnsupportedEncodingException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public void reject(String code, String message, Throwable error) {
      try {
        say(call + " failed " + code + " " + encode(String.valueOf(message)));
      } catch (UnsupportedEncodingException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public void reject(String code, String message) {
      reject(code, message, (Throwable) null);
    }

    @Override
    public void reject(String code, Throwable error) {
      reject(code, error.getMessage(), error);
    }

    @Override
    public void reject(Throwable error) {
      reject("", error);
    }

    @Override
    public void reject(Throwable error, WritableMap info) {
      reject("", error);
    }

    @Override
    public void reject(String code, WritableMap info) {
      reject(code, "", (Throwable) null);
    }

    @Override
    public void reject(String code, Throwable error, WritableMap info) {
      reject(code, error);
    }

    @Override
    public void reject(String code, String message, WritableMap info) {
      reject(code, message, (Throwable) null);
    }

    @Override
    public void reject(String code, String message, Throwable error, WritableMap info) {
      reject(code, message, error);
    }

    @Override
    @Deprecated
    public void reject(String message) {
      reject("", message);
    }
  }
}
