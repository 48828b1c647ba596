import { writeU32 } from './bits.ts';

/** SHA-1 (RFC 3174) of `length` bytes: the footer that the Hermes compiler writes. A check sum there, not a signature. */
export function sha1(bytes: Uint8Array, length: number): Uint8Array {
  const words = new Int32Array(80);
  let [h0, h1, h2, h3, h4] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  const tail = new Uint8Array(128);
  const whole = length - (length % 64);
  tail.set(bytes.subarray(whole, length));
  tail[length - whole] = 0x80;
  const tailLength = length - whole < 56 ? 64 : 128;
  writeBigEndian(tail, tailLength - 8, Math.floor(length / 0x20000000));
  writeBigEndian(tail, tailLength - 4, (length * 8) | 0);
  const block = (from: Uint8Array, at: number): void => {
    for (let i = 0, p = at; i < 16; i++, p += 4) {
      words[i] = (from[p] << 24) | (from[p + 1] << 16) | (from[p + 2] << 8) | from[p + 3];
    }
    for (let i = 16; i < 80; i++) {
      const x = words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16];
      words[i] = (x << 1) | (x >>> 31);
    }
    let a = h0;
    let b = h1;
    let c = h2;
    let d = h3;
    let e = h4;
    for (let i = 0; i < 20; i++) {
      const t = (((a << 5) | (a >>> 27)) + ((b & c) | (~b & d)) + e + words[i] + 0x5a827999) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    for (let i = 20; i < 40; i++) {
      const t = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + words[i] + 0x6ed9eba1) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    for (let i = 40; i < 60; i++) {
      const t = (((a << 5) | (a >>> 27)) + ((b & c) | (b & d) | (c & d)) + e + words[i] - 0x70e44324) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    for (let i = 60; i < 80; i++) {
      const t = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + words[i] - 0x359d3e2a) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = t;
    }
    h0 = (h0 + a) | 0;
    h1 = (h1 + b) | 0;
    h2 = (h2 + c) | 0;
    h3 = (h3 + d) | 0;
    h4 = (h4 + e) | 0;
  };
  for (let at = 0; at < whole; at += 64) block(bytes, at);
  for (let at = 0; at < tailLength; at += 64) block(tail, at);
  const digest = new Uint8Array(20);
  [h0, h1, h2, h3, h4].forEach((word, i) => writeBigEndian(digest, 4 * i, word));
  return digest;
}

function writeBigEndian(out: Uint8Array, at: number, word: number): void {
  writeU32(
    out,
    at,
    ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)) >>> 0,
  );
}
