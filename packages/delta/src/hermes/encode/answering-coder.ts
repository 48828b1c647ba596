import { createCoder, type Coder } from '../entropy/coder.ts';
import type { RangeEncoder } from './range-encoder.ts';
import { detailOfContext, detailOfSet } from './section-names.ts';

/** What a {@link Coder} is asked for: mostly a number; a yes or no as 1 or 0. */
export type Tell = (...things: number[]) => void;

/** The encoder's coder: it answers with what it was told, in order, and writes the answers. */
export interface AnsweringCoder {
  readonly coder: Coder;
  readonly tell: Tell;
  /** The same for many things, which are read when they are asked for and not copied. */
  tellAll(things: ArrayLike<number>): void;
  /** What is asked from here on costs on account of `name`, where the report knows nothing more exact. */
  section(name: string): void;
}

/** A list of its own takes more room than so many things. */
const FEW = 32;
/** Things of a list before the next one begins: an array that grows is copied again and again. */
const MOST = 4096;
const NONE: ArrayLike<number> = /* @__PURE__ */ [];

/** An answering coder that writes to `range`. */
export function createAnsweringCoder(range: RangeEncoder, slotBits: number): AnsweringCoder {
  // Lists in the order in which they were told; the last one takes what is told one by one.
  let lists: ArrayLike<number>[] = [];
  let list = 0;
  let next = 0;
  let open: number[] | undefined;
  // Of one answer: the longest is a number with its length.
  const bits = new Uint8Array(64);
  let bitCount = 0;
  let nextBit = 0;
  let part = '';
  const base = createCoder(
    (probability) => range.code(bits[nextBit++], probability),
    Number.POSITIVE_INFINITY,
    slotBits,
  );
  const peek = (): number => {
    while (list < lists.length && next === lists[list].length) {
      lists[list++] = NONE;
      next = 0;
    }
    if (list === lists.length) throw new Error('The coder was asked for more than it was told');
    return lists[list][next];
  };
  const take = (): number => {
    const thing = peek();
    if (++next === lists[list].length && list === lists.length - 1) {
      lists = [];
      open = undefined;
      list = next = 0;
    }
    return thing;
  };
  const answer = (value: number, count: number): void => {
    if (nextBit === bitCount) bitCount = nextBit = 0;
    for (let i = count - 1; i >= 0; i--) bits[bitCount++] = Math.floor(value / 2 ** i) % 2;
  };
  const tellOneByOne = (things: ArrayLike<number>): void => {
    for (let i = 0; i < things.length; i++) {
      if (open === undefined || open.length === MOST) lists.push((open = []));
      open.push(things[i]);
    }
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
    tell: (...things) => tellOneByOne(things),
    tellAll: (things) => {
      if (things.length < FEW) return tellOneByOne(things);
      lists.push(things);
      open = undefined;
    },
  };
}
