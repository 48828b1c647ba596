/** Little-endian reads and writes on plain byte arrays: a DataView call costs more than four indexings in Hermes. */
export function readU16(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

export function readI32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

export function readU32(bytes: Uint8Array, at: number): number {
  return readI32(bytes, at) >>> 0;
}

export function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** Rounds up to a multiple of four. */
export function align4(at: number): number {
  return Math.ceil(at / 4) * 4;
}

/** Of 22 bits, so that products with 32 bits are exact: in Hermes, Math.imul is a call. */
export const HASH_FACTOR = 0x278ddf;

/** One hash of two numbers; the same in every engine. */
export function mix(a: number, b: number): number {
  let h = (a * HASH_FACTOR + b) | 0;
  h = ((h ^ (h >>> 15)) * HASH_FACTOR) | 0;
  return h ^ (h >>> 13);
}

/** {@link mix} of three numbers. */
export function mix3(a: number, b: number, c: number): number {
  return mix(mix(a, b), c);
}

/** {@link mix} of four numbers. */
export function mix4(a: number, b: number, c: number, d: number): number {
  return mix(mix(mix(a, b), c), d);
}

/** True when both hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
