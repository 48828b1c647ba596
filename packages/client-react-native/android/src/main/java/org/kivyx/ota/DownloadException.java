package org.kivyx.ota;

import java.io.IOException;

/** A download that failed for a reason that has a code of the client. */
final class DownloadException extends IOException {
  private static final long serialVersionUID = 1L;

  final String code;

  DownloadException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }
}
