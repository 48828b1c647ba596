/** Collects numbers and bytes in order. */
export interface ByteWriter {
  byte(value: number): void;
  varint(value: number): void;
  signedVarint(value: number): void;
  bytes(value: Uint8Array): void;
  finish(): Uint8Array;
}

/** A writer that grows. */
export function createByteWriter(): ByteWriter {
  let buffer = new Uint8Array(1024);
  let length = 0;
  const reserve = (more: number): void => {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + more));
    larger.set(buffer);
    buffer = larger;
  };
  const byte = (value: number): void => {
    reserve(1);
    buffer[length++] = value;
  };
  const varint = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    byte(rest);
  };
  return {
    byte,
    bytes: (value) => {
      reserve(value.length);
      buffer.set(value, length);
      length += value.length;
    },
    finish: () => buffer.slice(0, length),
    signedVarint: (value) => varint(value >= 0 ? value * 2 : -value * 2 - 1),
    varint,
  };
}
