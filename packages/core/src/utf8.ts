// TextEncoder / TextDecoder do not exist in Hermes, so these are written out.

/**
 * UTF-8 of `text`.
 *
 * @throws RangeError when `text` holds a lone surrogate (it has no UTF-8 form).
 */
export function utf8ToBytes(text: string): Uint8Array {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (unit < 0xd800 || unit > 0xdfff) length += 3;
    else {
      const next = text.charCodeAt(i + 1);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) {
        throw new RangeError(`utf8ToBytes: lone surrogate at index ${i}`);
      }
      length += 4;
      i++;
    }
  }
  const out = new Uint8Array(length);
  let offset = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) as number;
    if (point < 0x80) {
      out[offset++] = point;
    } else if (point < 0x800) {
      out[offset++] = 0xc0 | (point >> 6);
      out[offset++] = 0x80 | (point & 63);
    } else if (point < 0x10000) {
      out[offset++] = 0xe0 | (point >> 12);
      out[offset++] = 0x80 | ((point >> 6) & 63);
      out[offset++] = 0x80 | (point & 63);
    } else {
      out[offset++] = 0xf0 | (point >> 18);
      out[offset++] = 0x80 | ((point >> 12) & 63);
      out[offset++] = 0x80 | ((point >> 6) & 63);
      out[offset++] = 0x80 | (point & 63);
      i++;
    }
  }
  return out;
}

/**
 * The text of `bytes` (untrusted). Nothing is replaced and no byte order mark is dropped.
 *
 * @throws RangeError when `bytes` is not well-formed UTF-8 (RFC 3629: overlong forms, surrogates and values
 * above U+10FFFF included).
 */
export function bytesToUtf8(bytes: Uint8Array): string {
  let out = '';
  let i = 0;
  while (i < bytes.length) {
    const first = bytes[i] as number;
    if (first < 0x80) {
      out += String.fromCharCode(first);
      i++;
      continue;
    }
    const size =
      first >= 0xc2 && first <= 0xdf
        ? 2
        : first >= 0xe0 && first <= 0xef
          ? 3
          : first >= 0xf0 && first <= 0xf4
            ? 4
            : 0;
    if (size === 0 || i + size > bytes.length) throw new RangeError(`bytesToUtf8: malformed at byte ${i}`);
    let point = first & (0xff >> (size + 1));
    for (let k = 1; k < size; k++) {
      const next = bytes[i + k] as number;
      if ((next & 0xc0) !== 0x80) throw new RangeError(`bytesToUtf8: malformed at byte ${i + k}`);
      point = (point << 6) | (next & 63);
    }
    const overlong = (size === 3 && point < 0x800) || (size === 4 && point < 0x10000);
    if (overlong || (point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) {
      throw new RangeError(`bytesToUtf8: malformed at byte ${i}`);
    }
    out += String.fromCodePoint(point);
    i += size;
  }
  return out;
}
