import { mustHold } from '../../error.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';

/** Codes which old instruction each new one stands for, ascending; -1 for inserted ones. */
export function codeAlignment(coder: Coder, oldCount: number, count: number): Int32Array {
  const aligned = new Int32Array(count).fill(-1);
  let i = 0;
  let from = 0;
  while (i < count) {
    const run = coder.number(CONTEXT.alignRun, Math.min(count - i, oldCount - from));
    for (let k = 0; k < run; k++) aligned[i++] = from++;
    if (i >= count) break;
    const inserted = coder.number(CONTEXT.alignInserted, count - i);
    const deleted = coder.number(CONTEXT.alignDeleted + Math.min(inserted, 2), oldCount - from);
    mustHold(inserted + deleted > 0);
    i += inserted;
    from += deleted;
  }
  return aligned;
}

/** For each old instruction (and the end) the new number of it, or of the next one that is still there. */
export function imageOf(aligned: Int32Array, oldCount: number): Int32Array {
  const image = new Int32Array(oldCount + 1).fill(-1);
  for (let i = 0; i < aligned.length; i++) if (aligned[i] >= 0) image[aligned[i]] = i;
  image[oldCount] = aligned.length;
  for (let i = oldCount - 1; i >= 0; i--) if (image[i] < 0) image[i] = image[i + 1];
  return image;
}
