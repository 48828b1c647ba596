import { mix, mix3, mix4 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';

/** Registers of one function, by recency: a value that was just made is read soon, one that was read is free again. */
export interface RegisterModel {
  /**
   * Gives the register; its rank is {@link RegisterModel.rank}. `place`: opcode and operand; `op1`, `op2`: the opcodes before;
   * `predicted`: register of the predicted instruction in this place, or -1, `predictedRank`: its rank there; `agreed`: all registers
   * of this instruction were as predicted so far; `writes`: 1 for the register that is written.
   */
  code(
    place: number,
    op1: number,
    op2: number,
    predicted: number,
    predictedRank: number,
    aligned: boolean,
    agreed: boolean,
    writes: number,
  ): number;
  /** How the last register was coded, for later predictions; 0 when it was predicted or new. */
  rank(): number;
  /** Learns an instruction's register that was not coded. `aligned`: the old register in the same place, or -1. */
  note(register: number, aligned: number, writes: number): void;
  /** Where an old register went in this function; the same when nothing is known. */
  renamed(old: number): number;
}

const MAX_RANK = 62;

export function createRegisterModel(coder: Coder): RegisterModel {
  const recent: number[] = [];
  const wasRead = new Uint8Array(256);
  const renames = new Int32Array(256).fill(-1);
  let newest = 255;
  let lastStep = 0;
  let rank = 0;
  let lastRank = 0;

  const note = (register: number, aligned: number, writes: number): void => {
    if (aligned >= 0) renames[aligned] = register;
    const at = recent.indexOf(register);
    if (at > 0) recent.splice(at, 1);
    if (at !== 0) recent.unshift(register);
    wasRead[register] = 1 - writes;
  };
  const renamed = (old: number): number => (renames[old] >= 0 ? renames[old] : old);

  const search = (
    place: number,
    op1: number,
    op2: number,
    goal: number,
    predictedRank: number,
    aligned: boolean,
    agreed: boolean,
    writes: number,
  ): number => {
    // In the order in which they are likely: read ones first for writing, unread ones first for reading.
    const list = recent.filter((register) => wasRead[register] === writes);
    const likely = list.length;
    list.push(...recent.filter((register) => wasRead[register] !== writes));
    let lowestFree = 0;
    while (wasRead[lowestFree] === 0 && recent.includes(lowestFree)) lowestFree++;
    const free = writes ? Math.min(list.indexOf(lowestFree) + 1, 20) : Math.min(likely, 6);
    const goalRank = goal < 0 ? 32 : Math.min(list.indexOf(goal) + 1, 31);
    lastRank = coder.symbol(
      6,
      SET.register + (goalRank < 32 ? 4 : 0) + (predictedRank >= 0 ? 2 : 0) + writes,
      [
        mix(61, place),
        mix3(62, place, op1),
        mix3(63, place, lastRank),
        mix4(64, place, goalRank, Number(aligned)),
        mix3(65, place, predictedRank),
        mix4(66, writes, free, lastRank),
        mix4(67, place, op1 * 256 + op2, lastRank),
        mix4(68, predictedRank, goalRank, Number(agreed)),
        mix3(69, place, free),
        mix4(70, writes * 64 + free, goalRank, predictedRank),
      ],
      (register) => list.slice(0, MAX_RANK).indexOf(register) + 1,
    );
    if (lastRank > list.length) lastRank = 0;
    rank = lastRank;
    if (rank > 0) return list[rank - 1];
    lastStep = coder.symbol(
      8,
      SET.newRegister,
      [
        mix(161, writes),
        mix(162, place),
        mix(163, lastStep),
        mix3(164, place >> 3, op1),
        mix(165, list.length),
        mix(166, goal < 0 ? -1 : (goal - newest) & 255),
      ],
      (register) => (register - newest) & 255,
    );
    newest = (newest + lastStep) & 255;
    return newest;
  };

  return {
    code: (place, op1, op2, predicted, predictedRank, aligned, agreed, writes) => {
      const goal = predicted >= 0 && (aligned || renames[predicted] >= 0) ? renamed(predicted) : -1;
      let register = goal;
      rank = 0;
      if (!aligned || goal < 0 || !coder.is(CONTEXT.registerSame + (agreed ? 2 : 0) + writes, goal)) {
        register = search(place, op1, op2, goal, predictedRank, aligned, agreed, writes);
        coder.done();
      }
      note(register, predicted, writes);
      return register;
    },
    note,
    rank: () => rank,
    renamed,
  };
}
