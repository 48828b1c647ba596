/** Work in slices of a few milliseconds: between them it yields the share that is done, and can be stopped or put off. */
export type Work<T> = Generator<number, T, undefined>;

/** Does all of it at once. */
export function finish<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
