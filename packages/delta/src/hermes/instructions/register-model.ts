import { mix, mix3, mix4 } from '../entropy/bits.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import * as SET from '../entropy/weight-sets.ts';

/** Registers of one function, by recency: a value that was just made is read soon, one that was read is free again. */
export interface RegisterModel {
  /**
   * Gives the register. `place`: opcode and operand; `ops`: the two opcodes before; `aligned`: the register in this place of the old
   * function, or -1; `writes`: 1 for the register that is written.
   */
  code(place: number, ops: number, aligned: number, writes: number): number;
  /** Learns an instruction's register that was not coded. */
  note(register: number, aligned: number, writes: number): void;
  /** Where an old register went in this function; the same when nothing is known. */
  renamed(old: number): number;
}

const MAX_RANK = 62;

export function createRegisterModel(coder: Coder): RegisterModel {
  const recent: number[] = [];
  const wasRead = new Uint8Array(256);
  const renames: number[] = [];
  let newest = 255;
  let lastStep = 0;
  let rank = 0;

  const note = (register: number, aligned: number, writes: number): void => {
    if (aligned >= 0) renames[aligned] = register;
    let at = recent.indexOf(register);
    if (at < 0) at = recent.length;
    for (; at > 0; at--) recent[at] = recent[at - 1];
    recent[0] = register;
    wasRead[register] = 1 - writes;
  };
  const renamed = (old: number): number => renames[old] ?? old;

  const search = (place: number, ops: number, goal: number, writes: number): number => {
    // In the order in which they are likely: read ones first for writing, unread ones first for reading.
    const list = recent.filter((register) => wasRead[register] === writes);
    const likely = list.length;
    list.push(...recent.filter((register) => wasRead[register] !== writes));
    let lowestFree = 0;
    while (wasRead[lowestFree] === 0 && recent.includes(lowestFree)) lowestFree++;
    const free = writes ? Math.min(list.indexOf(lowestFree) + 1, 20) : Math.min(likely, 6);
    const goalRank = goal < 0 ? 32 : Math.min(list.indexOf(goal) + 1, 31);
    rank = coder.symbol(
      6,
      SET.register + (goalRank < 32 ? 2 : 0) + writes,
      [
        mix3(61, place, ops & 255),
        mix4(62, place, ops, rank),
        mix(63, goalRank),
        mix3(64, place, free),
        mix4(65, writes, free, goalRank),
      ],
      (register) => list.slice(0, MAX_RANK).indexOf(register) + 1,
    );
    if (rank > 0 && rank <= list.length) return list[rank - 1];
    lastStep = coder.symbol(
      8,
      SET.newRegister,
      [mix(66, writes), mix(67, place), mix(68, lastStep), mix(69, goal < 0 ? -1 : (goal - newest) & 255)],
      (register) => register - newest,
    );
    newest = (newest + lastStep) & 255;
    return newest;
  };

  return {
    code: (place, ops, aligned, writes) => {
      const goal = aligned < 0 ? -1 : renamed(aligned);
      let register = goal;
      if (goal < 0 || !coder.is(CONTEXT.registerSame + writes, goal)) {
        register = search(place, ops, goal, writes);
        coder.done();
      }
      note(register, aligned, writes);
      return register;
    },
    note,
    renamed,
  };
}
