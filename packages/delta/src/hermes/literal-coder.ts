import { mix, mix3, mix4, readU16 } from './bits.ts';
import type { BytecodeLayout } from './bytecode-layout.ts';
import type { Coder } from './coder.ts';
import * as SET from './weight-sets.ts';
import type { RegionCoder } from './copies.ts';
import type { LiteralKind } from './literals.ts';
import type { StringModel } from './string-model.ts';

/** Codes new bytes of a literal buffer item by item: tags, string ids, integers, doubles. */
export function createLiteralCoder(
  coder: Coder,
  { literalSizes }: BytecodeLayout,
  kind: LiteralKind,
  strings: StringModel,
): RegionCoder {
  const { contexts } = coder;
  const buffer = kind.charCodeAt(0);
  let lastTag = 0;
  let tagBefore = 0;
  let lastInteger = 0;
  return (out, from, to, wanted) => {
    const truth = (at: number): number => wanted?.[at] ?? 0;
    let at = from;
    let left = 0;
    let type = 0;
    strings.restart();
    while (at < to) {
      if (left === 0) {
        coder.section('literal tags');
        contexts[0] = mix(101, lastTag);
        contexts[1] = mix3(102, lastTag, tagBefore);
        contexts[2] = mix(103, buffer);
        const tag = coder.symbol(8, SET.literalTag, 3, truth(at));
        out[at++] = tag;
        tagBefore = lastTag;
        lastTag = tag;
        left = tag & 15;
        type = (tag >> 4) & 7;
        if ((tag & 128) !== 0 && at < to) {
          contexts[0] = 104;
          const low = coder.symbol(8, SET.literalTag + 1, 1, truth(at));
          out[at++] = low;
          left = (left << 8) | low;
        }
        continue;
      }
      const size = literalSizes[type];
      if (size === 0) {
        left = 0;
        continue;
      }
      if (at + size > to) {
        // The rest of an item whose end was copied.
        for (; at < to; at++) {
          contexts[0] = mix(105, size);
          contexts[1] = mix(106, at > 0 ? out[at - 1] : 0);
          out[at] = coder.symbol(8, SET.literalRest, 2, truth(at));
        }
        break;
      }
      if (size === 2) {
        coder.section('literal strings');
        const id = strings.code(wanted === undefined ? 0 : readU16(wanted, at), -1, 4 + (buffer & 3));
        out[at] = id;
        out[at + 1] = id >>> 8;
      } else if (size === 4) {
        coder.section('literal integers');
        let prefix = 1;
        for (let i = 3; i >= 0; i--) {
          contexts[0] = mix3(107, i, prefix);
          contexts[1] = mix3(108, i, type);
          contexts[2] = mix4(109, i, prefix, lastInteger);
          out[at + i] = coder.symbol(8, SET.literalInteger, 3, truth(at + i));
          prefix = ((prefix << 8) + out[at + i]) | 0;
        }
        lastInteger = out[at + 1];
      } else {
        coder.section('literal numbers');
        for (let i = size - 1; i >= 0; i--) {
          contexts[0] = mix(110, i);
          contexts[1] = mix3(111, i, i < size - 1 ? out[at + i + 1] : 0);
          out[at + i] = coder.symbol(8, SET.literalDouble, 2, truth(at + i));
        }
      }
      at += size;
      left--;
    }
  };
}
