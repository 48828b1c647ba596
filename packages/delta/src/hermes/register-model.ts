import { mix3, mix4 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';

/** Registers of one function, by recency: a value that was just made is read soon, one that was read is free again. */
export interface RegisterModel {
  /** Gives the register; its rank is {@link RegisterModel.rank}. */
  code(place: RegisterPlace): number;
  /** How the last register was coded, for {@link Instruction.ranks}; 0 when it was predicted or new. */
  rank(): number;
  /** Learns an instruction's register that was not coded. `aligned`: the old register in the same place, or -1. */
  note(register: number, aligned: number, writes: boolean): void;
  /** Where an old register went in this function; the same when nothing is known. */
  renamed(old: number): number;
}

/** What is known of the place of a register. */
export interface RegisterPlace {
  readonly op: number;
  readonly operand: number;
  readonly previousOp: number;
  readonly opBefore: number;
  readonly writes: boolean;
  /** Register of the predicted instruction in this place, or -1. */
  readonly predicted: number;
  /** Its rank there, or -1. */
  readonly predictedRank: number;
  readonly aligned: boolean;
  /** True while all registers of this instruction were as predicted. */
  readonly agreed: boolean;
}

const MAX_RANK = 62;

export function createRegisterModel(coder: Coder): RegisterModel {
  const recent: number[] = [];
  const isRead = new Uint8Array(256);
  const renames = new Int32Array(256).fill(-1);
  const { contexts } = coder;
  let newest = 255;
  let lastStep = 0;
  let lastRank = 0;
  let rank = 0;

  const note = (register: number, aligned: number, writes: boolean): void => {
    if (aligned >= 0) renames[aligned] = register;
    const at = recent.indexOf(register);
    if (at > 0) recent.splice(at, 1);
    if (at !== 0) recent.unshift(register);
    isRead[register] = writes ? 0 : 1;
  };

  /** Registers in the order in which they are likely: read ones first for writing, unread ones first for reading. */
  const order = (writes: boolean): number[] => {
    const likely = (register: number): boolean => (isRead[register] === 1) === writes;
    return [...recent.filter(likely), ...recent.filter((register) => !likely(register))];
  };

  const lowestFree = (): number => {
    let register = 0;
    while (register < 255 && isRead[register] === 0 && recent.includes(register)) register++;
    return register;
  };

  const search = (
    { agreed, aligned, op, opBefore, operand, predictedRank, previousOp, writes }: RegisterPlace,
    renamed: number,
  ): number => {
    const list = order(writes);
    const unread = recent.filter((register) => isRead[register] === 0).length;
    const free = writes ? Math.min(list.indexOf(lowestFree()) + 1, 20) : Math.min(unread, 6);
    const renamedRank = renamed < 0 ? 32 : Math.min(list.indexOf(renamed) + 1, 31);
    const place = op * 8 + operand;
    const side = writes ? 1 : 0;
    contexts[0] = mix3(61, place, 0);
    contexts[1] = mix3(62, place, previousOp);
    contexts[2] = mix3(63, place, lastRank);
    contexts[3] = mix4(64, place, renamedRank, aligned ? 1 : 0);
    contexts[4] = mix3(65, place, predictedRank);
    contexts[5] = mix4(66, side, free, lastRank);
    contexts[6] = mix4(67, place, previousOp * 256 + opBefore, lastRank);
    contexts[7] = mix4(68, predictedRank, renamedRank, agreed ? 1 : 0);
    contexts[8] = mix3(69, place, free);
    contexts[9] = mix4(70, side * 64 + free, renamedRank, predictedRank);
    const set = SET.register + (renamedRank < 32 ? 4 : 0) + (predictedRank >= 0 ? 2 : 0) + side;
    lastRank = coder.symbol(6, set, 10, (register) => list.slice(0, MAX_RANK).indexOf(register) + 1);
    if (lastRank > list.length) lastRank = 0;
    rank = lastRank;
    if (rank > 0) return list[rank - 1];
    contexts[0] = mix3(161, side, 0);
    contexts[1] = mix3(162, place, 0);
    contexts[2] = mix3(163, lastStep, 0);
    contexts[3] = mix3(164, op, previousOp);
    contexts[4] = mix3(165, list.length, 0);
    contexts[5] = mix3(166, (renamed - newest) & 255, renamed < 0 ? 1 : 0);
    lastStep = coder.symbol(8, SET.newRegister, 6, (register) => (register - newest) & 255);
    newest = (newest + lastStep) & 255;
    return newest;
  };

  return {
    code: (place) => {
      const { agreed, aligned, predicted, writes } = place;
      const renamed =
        predicted < 0 ? -1 : renames[predicted] >= 0 ? renames[predicted] : aligned ? predicted : -1;
      let register = renamed;
      rank = 0;
      const context = CONTEXT.registerSame + (agreed ? 2 : 0) + (writes ? 1 : 0);
      if (!aligned || renamed < 0 || !coder.is(context, renamed)) {
        register = search(place, renamed);
        coder.done();
      }
      note(register, predicted, writes);
      return register;
    },
    note,
    rank: () => rank,
    renamed: (old) => (renames[old] >= 0 ? renames[old] : old),
  };
}
