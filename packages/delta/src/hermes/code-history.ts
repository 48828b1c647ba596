import { mix, mix3, mix4 } from './bits.ts';
import type { BodyPredictor } from './body-predictor.ts';
import { type Instruction, jumpOperand } from './function-code.ts';
import { functionBodies } from './function-bodies.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { operandKind } from './opcode-table.ts';
import { readOperand } from './operands.ts';
import type { HermesFile } from './parse-hermes.ts';
import { mapped } from './reference-maps.ts';
import type { StringModel } from './string-model.ts';
import type { Work } from './work.ts';

/** What followed the last few instructions before, in old code or in what was coded already. */
export interface CodeHistory {
  /** The instruction that followed, with the length of the agreement so far. */
  predict():
    | { readonly instruction: Instruction; readonly jump?: number; readonly matched: number }
    | undefined;
  /** Learns the next instruction and how far it jumps. `predicted`: it was coded with the help of {@link predict}. */
  add(instruction: Instruction, jump: number, predicted: boolean): void;
  /** A new function begins. */
  restart(): void;
}

/** Code between two yields. */
const SLICE_BYTES = 65_536;
/** Jumps further ahead than this are not looked up. */
const MAX_JUMP = 400;

/** Operand that holds a string id, by opcode; -1 where there is none. */
export function stringOperands(table: OpcodeTable): Int8Array {
  const operands = new Int8Array(256).fill(-1);
  for (let op = 0; op < table.count; op++) {
    for (let i = 0; i < table.operands[op].length; i++) {
      if (operandKind(table.operands[op].charAt(i)) === 's') {
        operands[op] = i;
        break;
      }
    }
  }
  return operands;
}

/** A history that has read all of `old`; the strings' order goes to `strings`. */
export function* readCodeHistory(
  old: HermesFile,
  table: OpcodeTable,
  newStringIds: Int32Array,
  predictor: BodyPredictor,
  strings: StringModel,
  tableBits: number,
): Work<CodeHistory> {
  const { bytes } = old;
  // Places: an offset in the old file, or -2 - n for the nth new instruction.
  const longBits = Math.min(18, tableBits);
  const shortBits = Math.min(16, tableBits);
  const afterFour = new Int32Array(1 << longBits).fill(-1);
  const afterThree = new Int32Array(1 << shortBits).fill(-1);
  const added: Instruction[] = [];
  const jumps: number[] = [];
  const nameOperand = stringOperands(table);
  let [k1, k2, k3, k4] = [0, 0, 0, 0];
  let [o1, o2, o3] = [0, 0, 0];
  let place = -1;
  let matched = 0;

  const longSlot = (): number => Math.imul(mix4(k1, k2, k3, k4), 0x9e3779b1) >>> (32 - longBits);
  const shortSlot = (): number => Math.imul(mix3(o1, o2, o3), 0x9e3779b1) >>> (32 - shortBits);
  const forget = (): void => {
    k1 = k2 = k3 = k4 = o1 = o2 = o3 = 0;
  };
  const advance = (op: number, name: number): void => {
    const family = table.family[op];
    k4 = k3;
    k3 = k2;
    k2 = k1;
    k1 = mix(family, name);
    o3 = o2;
    o2 = o1;
    o1 = family;
  };

  let slice = 0;
  for (const { start, end } of functionBodies(old)) {
    slice += end - start;
    if (slice > SLICE_BYTES) {
      slice = 0;
      yield 0.3;
    }
    forget();
    strings.restart();
    for (let at = start; at < end;) {
      const op = bytes[at];
      if (table.size[op] === 0) break;
      afterFour[longSlot()] = at;
      afterThree[shortSlot()] = at;
      let name = 0;
      const operand = nameOperand[op];
      if (operand >= 0) {
        const id = readOperand(bytes, at + table.offsets[op][operand], table.operands[op].charAt(operand));
        name = mapped(newStringIds, id) + 7;
        if (newStringIds[id] >= 0) strings.note(newStringIds[id]);
      }
      advance(op, name);
      at += table.size[op];
    }
  }

  const oldAt = (at: number): { instruction: Instruction; jump?: number } | undefined => {
    const op = bytes[at];
    if (at + 32 > bytes.length || !(table.size[op] > 0)) return undefined;
    const instruction = predictor.instructionAt(at, false);
    const operand = jumpOperand(table, op);
    if (operand < 0) return { instruction };
    const distance = readOperand(bytes, at + table.offsets[op][operand], table.operands[op].charAt(operand));
    let steps = 0;
    let to = at;
    while (to < at + distance && steps < MAX_JUMP && table.size[bytes[to]] > 0) {
      to += table.size[bytes[to]];
      steps++;
    }
    return to === at + distance && distance > 0 ? { instruction, jump: steps } : { instruction };
  };

  return {
    add: (instruction, jump, predicted) => {
      afterFour[longSlot()] = -2 - added.length;
      afterThree[shortSlot()] = -2 - added.length;
      added.push(instruction);
      jumps.push(jump);
      const operand = nameOperand[instruction.op];
      const expected = predicted && place !== -1 ? opAt(place) : -1;
      advance(instruction.op, operand >= 0 ? instruction.values[operand] + 7 : 0);
      if (expected === instruction.op) {
        place = place >= 0 ? place + table.size[bytes[place]] : place - 1;
        matched++;
      } else {
        place = -1;
        matched = 0;
      }
    },
    predict: () => {
      if (place === -1 || matched === 0) {
        place = afterFour[longSlot()];
        matched = 3;
        if (place === -1) {
          place = afterThree[shortSlot()];
          matched = place === -1 ? 0 : 1;
        }
      }
      if (place >= 0) {
        const found = oldAt(place);
        if (found !== undefined) return { ...found, matched };
      } else if (place <= -2 && -2 - place < added.length) {
        return { instruction: added[-2 - place], jump: jumps[-2 - place], matched };
      }
      place = -1;
      matched = 0;
      return undefined;
    },
    restart: () => {
      forget();
      place = -1;
      matched = 0;
    },
  };

  function opAt(at: number): number {
    return at >= 0 ? predictor.instructionAt(at, false).op : (added[-2 - at]?.op ?? -1);
  }
}
