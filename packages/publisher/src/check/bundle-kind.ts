/** What a launch file is. */
export type BundleKind =
  | { readonly kind: 'hermes'; readonly hbcVersion: number }
  | { readonly kind: 'javascript' }
  | { readonly kind: 'damaged-hermes' };

// Hermes, BytecodeFileFormat.h: magic (8), version (4), source hash (20), file length (4), all little-endian.
const MAGIC = [0xc6, 0x1f, 0xbc, 0x03, 0xc1, 0x03, 0x19, 0x1f];

/**
 * Bytecode or source? A bytecode file must also be as long as its header says.
 */
export function bundleKind(bytes: Uint8Array): BundleKind {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) return { kind: 'javascript' };
  if (bytes.length < 128) return { kind: 'damaged-hermes' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getUint32(32, true) === bytes.length
    ? { hbcVersion: view.getUint32(8, true), kind: 'hermes' }
    : { kind: 'damaged-hermes' };
}
