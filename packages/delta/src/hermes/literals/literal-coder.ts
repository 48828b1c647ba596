import { mix, mix3, writeU16 } from '../entropy/bits.ts';
import type { Coder } from '../entropy/coder.ts';
import * as SET from '../entropy/weight-sets.ts';
import type { RegionCoder } from '../file/copies.ts';
import type { LiteralKind } from './literals.ts';
import type { StringModel } from '../strings/string-model.ts';

/** Codes new bytes of a literal buffer item by item: tags, string ids, integers, doubles. `sizes`: of the items by type. */
export function createLiteralCoder(
  coder: Coder,
  sizes: readonly number[],
  kind: LiteralKind,
  strings: StringModel,
): RegionCoder {
  const buffer = kind.charCodeAt(0);
  let lastTag = 0;
  return function* (out, from, to) {
    let left = 0;
    let type = 0;
    for (let at = from; at < to;) {
      const size = sizes[type];
      if (left === 0) {
        yield 0.2;
        const tag = coder.symbol(8, SET.literalTag, [mix(101, lastTag), mix(103, buffer)]);
        lastTag = out[at++] = tag;
        left = tag & 15;
        type = (tag >> 4) & 7;
        if (tag > 127 && at < to)
          left = (left << 8) | (out[at++] = coder.symbol(8, SET.literalTag + 1, [104]));
        if (sizes[type] === 0) left = 0;
        continue;
      }
      left--;
      if (size === 2 && at + 2 <= to) {
        writeU16(out, at, strings.code(-1, 4 + (buffer & 3)));
      } else {
        // From the highest byte, but not beyond the end: the rest of the item may have been copied.
        for (let i = Math.min(size, to - at) - 1, prefix = 1; i >= 0; i--) {
          const place = 8 * size + i;
          const byte = coder.symbol(8, SET.literalByte + (size & 4), [
            mix3(107, place, prefix),
            mix3(108, place, type),
          ]);
          out[at + i] = byte;
          prefix = ((prefix << 8) + byte) | 0;
        }
      }
      at += size;
    }
  };
}
