const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Base64url without padding (RFC 4648 §5).
 */
export function bytesToBase64url(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word =
      ((bytes[i] as number) << 16) |
      ((left > 1 ? (bytes[i + 1] as number) : 0) << 8) |
      (left > 2 ? (bytes[i + 2] as number) : 0);
    out += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63);
    if (left > 1) out += ALPHABET.charAt((word >> 6) & 63);
    if (left > 2) out += ALPHABET.charAt(word & 63);
  }
  return out;
}

/**
 * The bytes of unpadded base64url text. Strict: padding, blanks, the other alphabet and non-zero
 * left-over bits are refused, so that one byte string has one spelling (RFC 4648 §3.5).
 *
 * @throws RangeError when `text` is not canonical base64url.
 */
export function base64urlToBytes(text: string): Uint8Array {
  const tail = text.length % 4;
  if (tail === 1) throw new RangeError(`base64urlToBytes: impossible length ${text.length}`);
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let word = 0;
  let offset = 0;
  for (let i = 0; i < text.length; i++) {
    const value = ALPHABET.indexOf(text.charAt(i));
    if (value < 0) throw new RangeError(`base64urlToBytes: character at index ${i} is not in the alphabet`);
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[offset++] = (word >> bits) & 0xff;
    }
  }
  if ((word & ((1 << bits) - 1)) !== 0) throw new RangeError('base64urlToBytes: left-over bits are not zero');
  return out;
}
