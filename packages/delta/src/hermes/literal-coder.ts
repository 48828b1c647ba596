import { mix, mix3, mix4 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as SET from './weight-sets.ts';
import type { RegionCoder } from './copies.ts';
import type { LiteralKind } from './literals.ts';
import type { StringModel } from './string-model.ts';

/** Codes new bytes of a literal buffer item by item: tags, string ids, integers, doubles. `sizes`: of the items by type. */
export function createLiteralCoder(
  coder: Coder,
  sizes: readonly number[],
  kind: LiteralKind,
  strings: StringModel,
): RegionCoder {
  const { contexts } = coder;
  const buffer = kind.charCodeAt(0);
  let lastTag = 0;
  let tagBefore = 0;
  let lastInteger = 0;
  return (out, from, to) => {
    let at = from;
    let left = 0;
    let type = 0;
    strings.restart();
    while (at < to) {
      if (left === 0) {
        contexts[0] = mix(101, lastTag);
        contexts[1] = mix3(102, lastTag, tagBefore);
        contexts[2] = mix(103, buffer);
        tagBefore = lastTag;
        lastTag = out[at++] = coder.symbol(8, SET.literalTag, 3);
        left = lastTag & 15;
        type = (lastTag >> 4) & 7;
        if (lastTag > 127 && at < to) {
          contexts[0] = 104;
          out[at] = coder.symbol(8, SET.literalTag + 1, 1);
          left = (left << 8) | out[at++];
        }
        continue;
      }
      const size = sizes[type];
      if (size === 0) {
        left = 0;
        continue;
      }
      if (at + size > to) {
        // The rest of an item whose end was copied.
        for (; at < to; at++) {
          contexts[0] = mix(105, size);
          contexts[1] = mix(106, at > 0 ? out[at - 1] : 0);
          out[at] = coder.symbol(8, SET.literalRest, 2);
        }
        break;
      }
      if (size === 2) {
        const id = strings.code(-1, 4 + (buffer & 3));
        out[at] = id;
        out[at + 1] = id >>> 8;
      } else {
        let prefix = 1;
        for (let i = size - 1; i >= 0; i--) {
          if (size === 4) {
            contexts[0] = mix3(107, i, prefix);
            contexts[1] = mix3(108, i, type);
            contexts[2] = mix4(109, i, prefix, lastInteger);
            out[at + i] = coder.symbol(8, SET.literalInteger, 3);
            prefix = ((prefix << 8) + out[at + i]) | 0;
          } else {
            contexts[0] = mix(110, i);
            contexts[1] = mix3(111, i, i < size - 1 ? out[at + i + 1] : 0);
            out[at + i] = coder.symbol(8, SET.literalDouble, 2);
          }
        }
        if (size === 4) lastInteger = out[at + 1];
      }
      at += size;
      left--;
    }
  };
}
