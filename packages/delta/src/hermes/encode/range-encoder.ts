import { createByteWriter } from '../../byte-writer.ts';

/** Writes binary decisions, with the cost of everything by section. */
export interface RangeEncoder {
  /** `probability`: that the bit is 1, in 1/65536, 1 to 65535. Gives the bit. */
  code(bit: number, probability: number): number;
  finish(): Uint8Array;
  /** Costs from here on are `name`'s. */
  section(name: string): void;
  /** Bits spent, by section. */
  costs(): ReadonlyMap<string, number>;
  decisions(): number;
  /** Bytes that are settled so far. */
  sizeBytes(): number;
}

/** Mirror image of `createRangeDecoder`. Runs where patches are made. */
export function createRangeEncoder(): RangeEncoder {
  const writer = createByteWriter();
  const costs = new Map<string, number>();
  let current = '';
  let bits = 0;
  let low = 0;
  let high = 0xffffffff;
  let decisions = 0;
  let flushed = 0;
  const settle = (): void => {
    if (bits > 0) costs.set(current, (costs.get(current) ?? 0) + bits);
    bits = 0;
  };
  return {
    code: (bit, probability) => {
      decisions++;
      const range = high - low;
      const middle = low + (range >>> 16) * probability + (((range & 0xffff) * probability) >>> 16);
      if (bit === 1) high = middle;
      else low = middle + 1;
      bits -= Math.log2((bit === 1 ? probability : 65536 - probability) / 65536);
      while (((low ^ high) & 0xff000000) === 0) {
        writer.byte(high >>> 24);
        flushed++;
        low = (low << 8) >>> 0;
        high = ((high << 8) | 255) >>> 0;
      }
      return bit;
    },
    costs: () => {
      settle();
      return costs;
    },
    decisions: () => decisions,
    finish: () => {
      // One byte inside the interval settles it, when zeros may follow: the decoder reads zeros past the end.
      const top = Math.ceil(low / 0x1000000) * 0x1000000;
      if (low > 0 && top <= high) {
        writer.byte(top >>> 24);
      } else if (low > 0) {
        for (let shift = 24; shift >= 0; shift -= 8) writer.byte((low >>> shift) & 255);
      }
      const bytes = writer.finish();
      let length = bytes.length;
      while (length > Math.max(0, flushed - 4) && bytes[length - 1] === 0) length--;
      return bytes.slice(0, length);
    },
    section: (name) => {
      if (name === current) return;
      settle();
      current = name;
    },
    sizeBytes: () => flushed,
  };
}
