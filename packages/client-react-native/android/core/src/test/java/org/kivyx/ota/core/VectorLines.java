package org.kivyx.ota.core;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads docs/spec/vectors/lifecycle-boot.txt line by line. */
final class VectorLines {
  private final BufferedReader in;
  private String[] words;

  VectorLines(File file) throws IOException {
    in = new BufferedReader(new InputStreamReader(new FileInputStream(file), StandardCharsets.US_ASCII));
  }

  /** The first word of the next line; null at the end. */
  String next() throws IOException {
    String line = in.readLine();
    while (line != null && line.startsWith("#")) line = in.readLine();
    if (line == null) return null;
    words = line.split(" ", -1);
    return words[0];
  }

  /** The next line has to begin with that word. */
  void expect(String key) throws IOException {
    String found = next();
    if (!key.equals(found)) throw new IOException("Expected a line " + key + ", not " + found);
  }

  String word(int i) {
    return new String(bytes(i), StandardCharsets.ISO_8859_1);
  }

  int count() {
    return words.length;
  }

  long integer(int i) {
    return Long.parseLong(word(i));
  }

  byte[] bytes(int i) {
    String escaped = words[i];
    if (escaped.equals("%-")) return new byte[0];
    byte[] out = new byte[escaped.length()];
    int length = 0;
    for (int at = 0; at < escaped.length(); at++) {
      char one = escaped.charAt(at);
      if (one == '%') {
        out[length++] = (byte) Integer.parseInt(escaped.substring(at + 1, at + 3), 16);
        at += 2;
      } else out[length++] = (byte) one;
    }
    return java.util.Arrays.copyOf(out, length);
  }

  /** Of a line `key length word …`. */
  List<String> list() throws IOException {
    List<String> out = new ArrayList<String>();
    for (int i = 0; i < integer(1); i++) out.add(word(2 + i));
    if (words.length != 2 + out.size()) throw new IOException("A list of another length than it says");
    return out;
  }
}
