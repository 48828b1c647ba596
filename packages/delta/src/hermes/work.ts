/** Work in slices of a few milliseconds: between them it yields the share that is done (the largest so far counts), and can be stopped or put off. */
export type Work<T> = Generator<number, T, undefined>;

/**
 * Does `piece` for all of `count` in pieces of `size`, and yields between; 0: no news about the share. Loops stand in functions like `piece`: in engines to which
 * generators are translated, every variable of one is a property of its state.
 */
export function* inPieces(
  count: number,
  size: number,
  piece: (from: number, to: number) => void,
): Work<void> {
  for (let from = 0; from < count; from += size) {
    yield 0;
    piece(from, Math.min(from + size, count));
  }
}

/** Does `item` for all numbers below `count`, in pieces of `size`. */
export function each(count: number, item: (i: number) => unknown, size = 1024): Work<void> {
  return inPieces(count, size, (from, to) => {
    for (let i = from; i < to; i++) item(i);
  });
}

/** Does all of it at once. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
