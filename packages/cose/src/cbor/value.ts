/**
 * What the profile can hold: integers within ±(2^53−1), well-formed text, byte strings, arrays, maps with
 * integer or text keys, booleans and null. No floats, no undefined, no tags.
 */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap;

/** Maps stay `Map`: an object would mix up the keys `1` and `"1"` and know `__proto__`. */
export type CborMap = ReadonlyMap<number | string, CborValue>;
