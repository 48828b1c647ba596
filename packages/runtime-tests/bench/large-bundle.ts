/** A file that does not compress, the same in every engine. */
export function largeBundle(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (let i = 0, x = 1; i < sizeBytes; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x & 255;
  }
  return bytes;
}

/** The next version of it: 400 places are different. */
export function changedBundle(before: Uint8Array): Uint8Array {
  const bytes = before.slice();
  for (let i = 0; i < 400; i++) bytes[Math.floor((i * bytes.length) / 400)] = 0;
  return bytes;
}
