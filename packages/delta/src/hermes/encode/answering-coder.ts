import { createCoder, type Coder } from '../entropy/coder.ts';
import type { RangeEncoder } from './range-encoder.ts';
import { detailOfContext, detailOfSet } from './section-names.ts';

/** What a {@link Coder} is asked for: mostly a number; a yes or no as 1 or 0. */
export type Tell = (...things: number[]) => void;

/** The encoder's coder: it answers with what it was told, in order, and writes the answers. */
export interface AnsweringCoder {
  readonly coder: Coder;
  readonly tell: Tell;
  /** What is asked from here on costs on account of `name`, where the report knows nothing more exact. */
  section(name: string): void;
}

/** An answering coder that writes to `range`. */
export function createAnsweringCoder(range: RangeEncoder, targetSizeBytes: number): AnsweringCoder {
  let things: number[] = [];
  let nextThing = 0;
  let bits: number[] = [];
  let nextBit = 0;
  let part = '';
  const base = createCoder(
    (probability) => range.code(bits[nextBit++], probability),
    Number.POSITIVE_INFINITY,
    targetSizeBytes,
  );
  const peek = (): number => {
    if (nextThing >= things.length) throw new Error('The coder was asked for more than it was told');
    return things[nextThing];
  };
  const take = (): number => {
    const thing = peek();
    nextThing++;
    if (nextThing === things.length) {
      things = [];
      nextThing = 0;
    }
    return thing;
  };
  const answer = (value: number, count: number): void => {
    if (nextBit === bits.length) {
      bits = [];
      nextBit = 0;
    }
    for (let i = count - 1; i >= 0; i--) bits.push(Math.floor(value / 2 ** i) % 2);
  };
  const flag = (context: number, value: boolean): boolean => {
    range.section(detailOfContext(context) ?? part);
    answer(value ? 1 : 0, 1);
    return base.flag(context);
  };
  const number = (context: number, value: number): number => {
    range.section(detailOfContext(context) ?? part);
    let length = 0;
    while (value + 1 >= 2 ** (length + 1)) length++;
    answer(length, 6);
    answer(value + 1, length);
    return base.number(context);
  };
  return {
    coder: {
      done: take,
      flag: (context) => flag(context, take() === 1),
      is: (context, candidate) => {
        const same = flag(context, peek() === candidate);
        if (same) take();
        return same;
      },
      near: (context, expected) => {
        const thing = take();
        const off = thing - expected;
        number(context, off >= 0 ? off * 2 : -off * 2 - 1);
        return thing;
      },
      number: (context) => number(context, take()),
      symbol: (size, set, contexts, find) => {
        range.section(detailOfSet(set) ?? part);
        answer((find === undefined ? take() : find(peek())) & (2 ** size - 1), size);
        return base.symbol(size, set, contexts);
      },
    },
    section: (name) => {
      part = name;
    },
    tell: (...list) => {
      for (const thing of list) things.push(thing);
    },
  };
}
