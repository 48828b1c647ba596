import { mix, mix3, mix4 } from './bits.ts';
import type { BodyPredictor } from './body-predictor.ts';
import type { Instruction } from './function-code.ts';
import { functionBodies } from './function-bodies.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { readOperand } from './operands.ts';
import type { HermesFile } from './parse-hermes.ts';
import { mapped } from './reference-maps.ts';
import type { StringModel } from './string-model.ts';
import type { Work } from './work.ts';

/** An instruction that stood in such a place before. */
export interface Recalled {
  readonly instruction: Instruction;
  /** How many instructions it jumps, where that is known. */
  readonly jump: number | undefined;
  /** Length of the agreement so far. */
  readonly matched: number;
}

/** What followed the last few instructions before, in old code or in what was coded already. */
export interface CodeHistory {
  /** The instruction that followed. */
  predict(): Recalled | undefined;
  /** Learns the next instruction and how far it jumps. `predicted`: it was coded with the help of {@link predict}. */
  add(instruction: Instruction, jump: number, predicted: boolean): void;
  /** A new function begins. */
  restart(): void;
}

/** Code between two yields. */
const SLICE_BYTES = 65_536;
/** Jumps further ahead than this are not looked up. */
const MAX_JUMP = 400;
const NOWHERE = -1;

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
  const { family, offsets, operands, size, stringOperand } = table;
  // Places: an offset in the old file, or -2 - n for the nth new instruction.
  const longBits = Math.min(18, tableBits);
  const shortBits = Math.min(16, tableBits);
  const afterFour = new Int32Array(1 << longBits).fill(NOWHERE);
  const afterThree = new Int32Array(1 << shortBits).fill(NOWHERE);
  const added: Omit<Recalled, 'matched'>[] = [];
  let [k1, k2, k3, k4] = [0, 0, 0, 0];
  let [o1, o2, o3] = [0, 0, 0];
  let place = NOWHERE;
  let matched = 0;

  const longSlot = (): number => Math.imul(mix4(k1, k2, k3, k4), 0x9e3779b1) >>> (32 - longBits);
  const shortSlot = (): number => Math.imul(mix3(o1, o2, o3), 0x9e3779b1) >>> (32 - shortBits);
  const forget = (): void => {
    k1 = k2 = k3 = k4 = o1 = o2 = o3 = 0;
  };
  /** An instruction at `at` goes by; `name`: what it refers to. */
  const pass = (at: number, op: number, name: number): void => {
    afterFour[longSlot()] = at;
    afterThree[shortSlot()] = at;
    k4 = k3;
    k3 = k2;
    k2 = k1;
    k1 = mix(family[op], name);
    o3 = o2;
    o2 = o1;
    o1 = family[op];
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
      if (size[op] === 0) break;
      let name = 0;
      const operand = stringOperand[op];
      if (operand >= 0) {
        const id = readOperand(bytes, at + offsets[op][operand], operands[op][operand]);
        name = mapped(newStringIds, id) + 7;
        if (newStringIds[id] >= 0) strings.note(newStringIds[id]);
      }
      pass(at, op, name);
      at += size[op];
    }
  }

  const recall = (at: number): Omit<Recalled, 'matched'> | undefined => {
    if (at < 0) return added[-2 - at];
    const op = bytes[at];
    if (at + 32 > bytes.length || size[op] === 0) return undefined;
    const operand = table.kinds[op].indexOf('j');
    let jump: number | undefined;
    if (operand >= 0) {
      const goal = at + readOperand(bytes, at + offsets[op][operand], operands[op][operand]);
      let steps = 0;
      let to = at;
      for (; to < goal && steps < MAX_JUMP && size[bytes[to]] > 0; steps++) to += size[bytes[to]];
      if (to === goal && steps > 0) jump = steps;
    }
    return { instruction: predictor.instructionAt(at, false), jump };
  };

  return {
    add: (instruction, jump, predicted) => {
      const { op, values } = instruction;
      const expected = predicted && place !== NOWHERE ? recall(place) : undefined;
      pass(-2 - added.length, op, stringOperand[op] >= 0 ? values[stringOperand[op]] + 7 : 0);
      added.push({ instruction, jump });
      if (expected?.instruction.op === op) {
        place = place >= 0 ? place + size[bytes[place]] : place - 1;
        matched++;
      } else {
        place = NOWHERE;
        matched = 0;
      }
    },
    predict: () => {
      if (place === NOWHERE || matched === 0) {
        place = afterFour[longSlot()];
        matched = 3;
        if (place === NOWHERE) {
          place = afterThree[shortSlot()];
          matched = 1;
        }
      }
      const found = place === NOWHERE ? undefined : recall(place);
      if (found !== undefined) return { ...found, matched };
      place = NOWHERE;
      matched = 0;
      return undefined;
    },
    restart: () => {
      forget();
      place = NOWHERE;
      matched = 0;
    },
  };
}
