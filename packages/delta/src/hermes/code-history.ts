import { mix, mix3, mix4 } from './bits.ts';
import type { BodyPredictor } from './body-predictor.ts';
import type { Instruction } from './function-code.ts';
import { functionBodies } from './function-bodies.ts';
import type { Prediction } from './instruction-coder.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { readOperand } from './operands.ts';
import type { HermesFile } from './parse-hermes.ts';
import { mapped } from './reference-maps.ts';
import type { StringModel } from './string-model.ts';
import type { Work } from './work.ts';

/** What followed the last few instructions before, in old code or in what was coded already. */
export interface CodeHistory {
  /** Reads the old code, once; the order of its strings goes to the string model. */
  read(): Work<void>;
  /** The instruction that followed; it would be number `at` of this function. */
  predict(at: number): Prediction | undefined;
  /** Learns instruction `at`. `predicted`: it was coded with the help of {@link predict}. */
  add(at: number, instruction: Instruction, predicted: boolean): void;
  /** A new function begins. */
  restart(): void;
}

/** Code between two yields. */
const SLICE_BYTES = 32_768;
/** Jumps further ahead than this are not looked up. */
const MAX_JUMP = 400;
const NOWHERE = -1;

/** The history of `old` code. */
export function createCodeHistory(
  old: HermesFile,
  table: OpcodeTable,
  newStringIds: Int32Array,
  predictor: BodyPredictor,
  strings: StringModel,
  tableBits: number,
): CodeHistory {
  const { bytes } = old;
  const { family, jumpOperand, offsets, size, stringOperand, widths } = table;
  // Places: an offset in the old file, or -2 - n for the nth new instruction.
  const longBits = Math.min(18, tableBits);
  const shortBits = Math.min(16, tableBits);
  const afterFour = new Int32Array(1 << longBits).fill(NOWHERE);
  const afterThree = new Int32Array(1 << shortBits).fill(NOWHERE);
  /** Pairs of instruction and how far it jumps. */
  const added: [Instruction, number | undefined][] = [];
  let [k1, k2, k3, k4] = [0, 0, 0, 0];
  let [o1, o2, o3] = [0, 0, 0];
  let place = NOWHERE;
  let matched = 0;
  let isRead = false;

  const longSlot = (): number => Math.imul(mix4(k1, k2, k3, k4), 0x9e3779b1) >>> (32 - longBits);
  const shortSlot = (): number => Math.imul(mix3(o1, o2, o3), 0x9e3779b1) >>> (32 - shortBits);
  const restart = (): void => {
    k1 = k2 = k3 = k4 = o1 = o2 = o3 = 0;
    place = NOWHERE;
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

  const recall = (at: number): [Instruction, number | undefined] | undefined => {
    if (at < 0) return added[-2 - at];
    const op = bytes[at];
    if (at + 32 > bytes.length || size[op] === 0) return undefined;
    const operand = jumpOperand[op];
    let jump: number | undefined;
    if (operand >= 0) {
      const goal = at + readOperand(bytes, at + offsets[op][operand], widths[op][operand]);
      let steps = 0;
      let to = at;
      for (; to < goal && steps < MAX_JUMP && size[bytes[to]] > 0; steps++) to += size[bytes[to]];
      if (to === goal && steps > 0) jump = steps;
    }
    return [predictor.instructionAt(at, false), jump];
  };

  return {
    add: (at, instruction, predicted) => {
      const { op, values } = instruction;
      const goesOn = predicted && recall(place)?.[0].op === op;
      pass(-2 - added.length, op, stringOperand[op] >= 0 ? values[stringOperand[op]] + 7 : 0);
      added.push([instruction, jumpOperand[op] >= 0 ? values[jumpOperand[op]] - at : undefined]);
      place = goesOn ? (place >= 0 ? place + size[bytes[place]] : place - 1) : NOWHERE;
      matched++;
    },
    predict: (at) => {
      if (place === NOWHERE) {
        place = afterFour[longSlot()];
        matched = 3;
        if (place === NOWHERE) {
          place = afterThree[shortSlot()];
          matched = 1;
        }
      }
      const found = recall(place);
      if (found === undefined) return undefined;
      const [instruction, jump] = found;
      return { instruction, jump: jump === undefined ? -1 : at + jump, matched: Math.min(matched, 7) };
    },
    *read() {
      if (isRead) return;
      isRead = true;
      // Every fourth body of a large file says nearly as much as all: 1 % more bytes for a quarter of the time.
      const step = Math.min(4, 1 + (old.functions.count >> 11));
      let slice = 0;
      for (const { end, index, start } of functionBodies(old)) {
        if (index % step > 0) continue;
        slice += end - start;
        if (slice > SLICE_BYTES) {
          slice = 0;
          yield 0.3;
        }
        restart();
        strings.restart();
        for (let at = start; at < end;) {
          const op = bytes[at];
          if (size[op] === 0) break;
          let name = 0;
          const operand = stringOperand[op];
          if (operand >= 0) {
            const id = readOperand(bytes, at + offsets[op][operand], widths[op][operand]);
            name = mapped(newStringIds, id) + 7;
            if (newStringIds[id] >= 0) strings.note(newStringIds[id]);
          }
          pass(at, op, name);
          at += size[op];
        }
      }
    },
    restart,
  };
}
