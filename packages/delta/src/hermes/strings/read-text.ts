import { readU16 } from '../entropy/bits.ts';

/** Units that are made to text in one call: arguments lie on the stack. */
const CHUNK = 4096;

/** The text that `bytes` hold: a byte per UTF-16 code unit, or two, the lower one first. */
export function readText(bytes: Uint8Array, wide: number): string {
  const units = wide === 1 ? readWords(bytes) : bytes;
  let text = '';
  for (let from = 0; from < units.length; from += CHUNK)
    // No spread: that walks an iterator.
    text += String.fromCharCode.apply(
      null,
      (units as Uint8Array).subarray(from, from + CHUNK) as unknown as number[],
    );
  return text;
}

/** 16-bit units, the lower byte first. */
export function readWords(bytes: Uint8Array): Uint16Array {
  const words = new Uint16Array(bytes.length >> 1);
  for (let k = 0; k < words.length; k++) words[k] = readU16(bytes, 2 * k);
  return words;
}
