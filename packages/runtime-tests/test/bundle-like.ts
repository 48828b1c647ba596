/** Records with addresses, and text between: what a bundle of bytecode looks like to somebody who cannot read it. */
export function bundleLike(size: number, shift: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = 1;
  for (let at = 0, address = 1 << 20; at + 16 <= size; at += 16) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    address += 20 + (state >>> 27);
    const word = address + shift;
    for (let i = 0; i < 4; i++) bytes[at + i] = word >>> (8 * i);
    for (let i = 4; i < 16; i++) bytes[at + i] = (state >>> (i + 8)) & 63;
  }
  return bytes;
}
