import { concatBytes, utf8ToBytes } from '@kivyx-ota/core';

/**
 * The bytes that are signed (RFC 9052 §4.4): an array of a context and byte strings. Written out here, so that
 * verifying needs no CBOR encoder on the device.
 */
export function sigStructure(
  context: 'Signature1' | 'Signature',
  ...strings: readonly Uint8Array[]
): Uint8Array {
  const text = utf8ToBytes(context);
  const parts = [Uint8Array.of(0x80 | (strings.length + 1), 0x60 | text.length), text];
  for (const bytes of strings) parts.push(byteStringHead(bytes.length), bytes);
  return concatBytes(...parts);
}

function byteStringHead(length: number): Uint8Array {
  if (length < 24) return Uint8Array.of(0x40 | length);
  if (length < 0x100) return Uint8Array.of(0x58, length);
  if (length < 0x10000) return Uint8Array.of(0x59, length >> 8, length & 255);
  return Uint8Array.of(0x5a, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255);
}
