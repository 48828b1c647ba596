package android.app;

import android.content.ContextWrapper;
import android.content.Intent;
import android.os.Bundle;

public class Activity extends ContextWrapper {
  public Intent intent;

  public Activity() {
    super(null);
  }

  protected void onCreate(Bundle state) {}

  public Intent getIntent() {
    return intent;
  }

  public void finish() {}
}
