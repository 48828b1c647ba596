package android.os;

public class Handler {
  public Handler(Looper looper) {}

  public final boolean post(Runnable work) {
    work.run();
    return true;
  }

  public final boolean postDelayed(Runnable work, long ms) {
    return true;
  }
}
