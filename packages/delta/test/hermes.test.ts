import { isOtaError } from '@kivyx-ota/core';
import { readContainer } from '@kivyx-ota/delta';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { createPatch } from '@kivyx-ota/delta/diff';
import { kvd1 } from '@kivyx-ota/delta/kvd1';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { OFFSET, SIZE } from '../src/hermes/file/bytecode-layout.ts';
import { codeHermes } from '../src/hermes/code-hermes.ts';
import { type CodeBit, type Coder, createCoder, slotBitsFor } from '../src/hermes/entropy/coder.ts';
import { createAnsweringCoder } from '../src/hermes/encode/answering-coder.ts';
import { createRangeEncoder } from '../src/hermes/encode/range-encoder.ts';
import { type OpcodeTable, parseOpcodeTable } from '../src/hermes/instructions/opcode-table.ts';
import { OPCODE_TABLES } from '../src/hermes/instructions/opcodes.ts';
import { parseHermes } from '../src/hermes/file/parse-hermes.ts';
import { createRangeDecoder } from '../src/hermes/entropy/range-coder.ts';
import { readModules } from '../src/hermes/functions/metro-modules.ts';
import { assemble } from '../src/hermes/instructions/assembler.ts';
import {
  allInstructions,
  type FunctionCode,
  type Instruction,
  readInstruction,
  takeApart,
} from '../src/hermes/instructions/function-code.ts';
import { createSlotModel } from '../src/hermes/instructions/slot-model.ts';
import { sortByKey } from '../src/hermes/strings/sort-by-key.ts';
import type { StringColumns } from '../src/hermes/strings/string-columns.ts';
import { packStrings } from '../src/hermes/strings/string-packer.ts';
import { createStringTable } from '../src/hermes/strings/strings.ts';
import { placesAfter } from '../src/hermes/file/copies.ts';
import { codeModelled, MAX_SLOT_BITS } from '../src/modelled/code-modelled.ts';
import { finish, type Work } from '../src/hermes/work.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures/hermes', `${name}.hbc`)));
const VERSIONS = [89, 96, 98, 99] as const;
const KINDS = ['base', 'target', 'target-on-base', 'base-debug', 'target-debug'] as const;

describe('the coder', () => {
  it('gives back what was told, whatever the contexts', () => {
    const step = fc.oneof(
      fc.record({ context: fc.nat(40), kind: fc.constant('flag' as const), value: fc.nat(1) }),
      fc.record({ context: fc.nat(40), kind: fc.constant('number' as const), value: fc.nat(2 ** 31 - 1) }),
      fc.record({
        context: fc.nat(40),
        kind: fc.constant('near' as const),
        value: fc.nat(1e6),
      }),
      fc.record({ context: fc.nat(40), kind: fc.constant('symbol' as const), value: fc.nat(255) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const run = (coder: Coder): number[] =>
          steps.map(({ context, kind }) => {
            if (kind === 'flag') return coder.flag(context) ? 1 : 0;
            if (kind !== 'symbol') return kind === 'near' ? coder.near(context, 500) : coder.number(context);
            return coder.symbol(8, 4 + (context % 5), [context, context % 3]);
          });
        const range = createRangeEncoder();
        const { coder, tell } = createAnsweringCoder(range, 13);
        for (const { value } of steps) tell(value);
        run(coder);
        const bytes = range.finish();
        const made = run(createCoder(createRangeDecoder(bytes), 1e6, 13));
        expect(made).toEqual(steps.map(({ value }) => value));
      }),
      { numRuns: 200 },
    );
  });
});

describe('opcode tables', () => {
  it('are what data/ makes', () => {
    execFileSync(process.execPath, [
      join(import.meta.dirname, '../scripts/make-opcode-tables.mjs'),
      '--check',
    ]);
  });

  it.each(VERSIONS)('walk every function of HBC %i from its first to its last byte', (version) => {
    const table = parseOpcodeTable(OPCODE_TABLES[version] as string);
    for (const kind of KINDS) {
      const { bytes, functions } = parseHermes(fixture(`${kind}-${version}`));
      for (let i = 0; i < functions.count; i++) {
        let at = functions.fields[OFFSET]?.[i] as number;
        const end = at + (functions.fields[SIZE]?.[i] as number);
        while (at < end) {
          const size = table.size[bytes[at] as number] as number;
          expect(size).toBeGreaterThan(0);
          at += size;
        }
        expect(at).toBe(end);
      }
    }
  });
});

describe('slots of environments', () => {
  it('move as the next one below did; those of an environment that was made otherwise may stay', () => {
    const slots = createSlotModel();
    slots.how.set([7, 9]);
    slots.note(0, 3, 4);
    expect([2, 3, 8, 300].map((old) => slots.moved(0, old))).toEqual([2, 4, 9, 300]);
    slots.note(1, 5, 5);
    expect([slots.moved(1, 8), slots.moved(0, 8)]).toEqual([8, 9]);
  });
});

/** Narrow strings, each with a place of its own, in a pool in which they lie behind each other. */
function columnsOf(texts: readonly string[]): StringColumns {
  const pool = new TextEncoder().encode(texts.join(''));
  const columns = {
    ...createStringTable(texts.length),
    at: new Uint32Array(texts.length),
    inside: new Int32Array(texts.length).fill(-1),
    order: new Int8Array(texts.length),
    pool,
  };
  let end = 0;
  texts.forEach((text, row) => {
    columns.offset[row] = end;
    columns.length[row] = text.length;
    end += text.length;
  });
  return columns;
}

const rowsOf = (list: readonly unknown[]): Int32Array => Int32Array.from(list.keys());

describe('the string packer', () => {
  it('puts every string where its text stands, longest overlaps first', () => {
    const word = fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 40 }), (words) => {
        const own = words.filter((one) => !words.some((other) => other !== one && other.includes(one)));
        const { length, places } = finish(packStrings(columnsOf(own), rowsOf(own)));
        const storage: string[] = Array.from({ length }, () => '?');
        own.forEach((text, i) => {
          for (let k = 0; k < text.length; k++) {
            const at = (places[i] as number) + k;
            expect([text[k], '?']).toContain(storage[at]);
            storage[at] = text[k] as string;
          }
        });
        expect(storage).not.toContain('?');
      }),
    );
  });
});

describe('copies', () => {
  it('say where old bytes went, however many others begin before them', () => {
    const old = 1000;
    const copies: number[] = [0, 0, old];
    // New text behind quotes short pieces of the old one: none of them stands for what was there.
    for (let i = 0; i < 20; i++) copies.push(old + 10 * i, 40 * i, 8);
    expect(placesAfter(Int32Array.from(copies), old)).toEqual(Int32Array.from({ length: old }, (_, i) => i));
  });
});

describe('work in slices', () => {
  // A decision takes half a microsecond in Node.
  const MOST = 12_000;

  const longestSlice = (base: Uint8Array, patch: Uint8Array): number => {
    const { body, header } = readContainer(patch);
    const range = createRangeDecoder(body.subarray(header.format === 'kvh1' ? 1 : 0));
    let decisions = 0;
    let most = 0;
    const size = header.targetSizeBytes;
    const count: CodeBit = (probability) => {
      most = Math.max(most, ++decisions);
      return range(probability);
    };
    const coder = createCoder(
      count,
      Number.POSITIVE_INFINITY,
      slotBitsFor(size, header.format === 'kvh1' ? undefined : MAX_SLOT_BITS),
    );
    const work =
      header.format === 'kvh1'
        ? codeHermes(coder, parseHermes(base), parseOpcodeTable(OPCODE_TABLES[99] as string), size)
        : codeModelled(coder, base, size);
    while (work.next().done !== true) decisions = 0;
    return most;
  };

  it.each(['kvh1', 'kvm1'] as const)('pauses are offered all along, %s', async (format) => {
    const base = fixture('base-99');
    const { bytes } = await createPatch(base, fixture('target-99'), { formats: [format] });
    expect(longestSlice(base, bytes)).toBeLessThan(MOST);
  });

  /** Most times that `count` was called between two pauses. */
  const mostBetweenPauses = (make: (count: () => void) => Work<unknown>): number => {
    let calls = 0;
    let most = 0;
    const work = make(() => (most = Math.max(most, ++calls)));
    while (work.next().done !== true) calls = 0;
    return most;
  };

  it('a large function is read, taken apart and put together with pauses', () => {
    const plain = parseOpcodeTable(OPCODE_TABLES[99] as string);
    const jump = plain.kinds.indexOf('j');
    const bytes = new Uint8Array(60_000);
    for (let at = 0; at < bytes.length; at += 2) bytes.set([jump, 0], at);
    const column = Uint32Array.of(0);
    const fields = plain.kinds.slice(0, 16).map(() => column);
    fields[SIZE] = Uint32Array.of(bytes.length);
    const { header, layout, sections, strings, ...rest } = parseHermes(fixture('base-99'));
    const functions = { count: 1, fields, info: column, owner: Int32Array.of(0) };
    const file = { ...rest, bytes, functions, header: header.map(() => 0), layout, sections, strings };
    // Every instruction's size is looked up.
    const counting = (count: () => void): OpcodeTable => ({
      ...plain,
      size: new Proxy(plain.size, {
        get: (size, key) => {
          count();
          return size[key as unknown as number];
        },
      }),
    });
    const apart = (table: OpcodeTable): Work<FunctionCode> =>
      takeApart(
        file,
        table,
        0,
        (at) => readInstruction(table, bytes, at),
        (id) => id,
      );
    expect(mostBetweenPauses((count) => readModules(file, counting(count)))).toBeLessThan(MOST);
    expect(mostBetweenPauses((count) => apart(counting(count)))).toBeLessThan(MOST);
    const code = finish(apart(plain));
    expect(code.count).toBe(bytes.length / 2);
    const instructions = allInstructions(code);
    const out = new Uint8Array(bytes.length);
    const assembled = mostBetweenPauses((count) => {
      const instruction = (i: number): Instruction => {
        count();
        return instructions[i] as Instruction;
      };
      return assemble(plain, { ...code, instruction }, out, 0);
    });
    expect(assembled).toBeLessThan(MOST);
    expect(out).toEqual(bytes);
  });

  it('strings are sorted and packed with pauses', () => {
    let seed = 1;
    const letter = (): string =>
      String.fromCharCode(97 + (((seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 16) % 3));
    const words = Array.from({ length: 20_000 }, () => Array.from({ length: 12 }, letter).join(''));
    const key = (row: number): number => Number.parseInt((words[row] as string).slice(0, 3), 36);
    const looked = mostBetweenPauses((count) =>
      sortByKey(words.length, key, (row) => {
        count();
        return words[row] as string;
      }),
    );
    expect(looked).toBeLessThan(2 * MOST);
    const sorted = finish(sortByKey(words.length, key, (row) => words[row] as string));
    expect(Array.from(sorted, (row) => words[row])).toEqual(words.toSorted());
    let pauses = 0;
    for (const work = packStrings(columnsOf(words), rowsOf(words)); work.next().done !== true;) pauses++;
    // Twelve widths, each over all that is not chained yet.
    expect(pauses).toBeGreaterThan((3 * words.length) / 2048);
  });

  it('progress never goes back', async () => {
    const base = fixture('base-99');
    const { bytes } = await createPatch(base, fixture('target-99'), { formats: ['kvh1'] });
    const shares: number[] = [];
    // Every piece of work takes longer than a slice.
    let now = 0;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += 100));
    try {
      await applyPatch(base, bytes, { onProgress: (share) => shares.push(share) });
    } finally {
      clock.mockRestore();
    }
    expect(shares.length).toBeGreaterThan(20);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeGreaterThan(0.8);
  });

  it('pauses are offered within much new text', async () => {
    let seed = 1;
    const letter = (): number =>
      97 + (((seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 16) % 26);
    const base = Uint8Array.from({ length: 1000 }, letter);
    const target = Uint8Array.from({ length: 20_000 }, letter);
    const { bytes, format } = await createPatch(base, target, { formats: ['kvm1'] });
    expect(format).toBe('kvm1');
    expect(longestSlice(base, bytes)).toBeLessThan(MOST);
  });
});

describe.each(VERSIONS)('structural patches, HBC %i', (version) => {
  it.each(KINDS)('give back every byte from the same file: %s', async (kind) => {
    const file = fixture(`${kind}-${version}`);
    const { bytes, format } = await createPatch(file, file, { formats: ['kvh1'] });
    expect(format).toBe('kvh1');
    expect(bytes.length).toBeLessThan(60);
    expect(await applyPatch(file, bytes)).toEqual(file);
  });

  it.each([
    ['base', 'target', 740],
    ['base', 'target-on-base', 740],
    ['target', 'base', 240],
    ['base-debug', 'target-debug', 1330],
    ['base', 'target-debug', 3000],
  ] as const)('from %s to %s', async (from, to, mostBytes) => {
    const base = fixture(`${from}-${version}`);
    const target = fixture(`${to}-${version}`);
    const { bytes, format, sections } = await createPatch(base, target);
    expect(format).toBe('kvh1');
    expect(bytes.length).toBeLessThan(mostBytes);
    expect(await applyPatch(base, bytes)).toEqual(target);
    const named = (sections ?? []).reduce((sum, [, size]) => sum + size, 0);
    expect(Math.abs(bytes.length - named)).toBeLessThan(24);
  });

  it('can bring their opcode table along, for readers that are older than the bytecode', async () => {
    const base = fixture(`base-${version}`);
    const target = fixture(`target-${version}`);
    const short = await createPatch(base, target);
    const { bytes } = await createPatch(base, target, { inlineOpcodeTable: true });
    expect(bytes.length - short.bytes.length).toBeGreaterThan(300);
    expect(await applyPatch(base, bytes)).toEqual(target);
  });
});

describe('what is no plain Hermes file', () => {
  it.each([
    ['another bytecode version', 'base-98', 'target-99'],
    ['no bytecode before', undefined, 'target-99'],
  ])('%s goes by the generic format', async (_name, from, to) => {
    const base = from === undefined ? new TextEncoder().encode('var a = 1;') : fixture(from);
    const target = fixture(to);
    const { bytes, format } = await createPatch(base, target);
    expect(format).toMatch(/^kv[dm]1$/);
    expect(await applyPatch(base, bytes)).toEqual(target);
  });

  it('a damaged file as target goes by the generic format, or comes out byte by byte', async () => {
    const base = fixture('base-99');
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ max: 255, min: 1 }), async (place, change) => {
        const target = fixture('target-99').slice();
        const at = place % target.length;
        target[at] = (target[at] as number) ^ change;
        const { bytes } = await createPatch(base, target);
        expect(await applyPatch(base, bytes)).toEqual(target);
      }),
      { numRuns: 40 },
    );
  });
});

describe('hostile patches', () => {
  // CI runs 10^5 of each format (FUZZ_RUNS); more on demand.
  const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1000);

  it.each(['kvh1', 'kvm1', 'kvd1'] as const)(
    '%s, damaged: a typed error, never another result',
    async (format) => {
      const base = fixture('base-99');
      const target = fixture('target-99');
      const { bytes } = await createPatch(base, target, { formats: [format] });
      expect(readContainer(bytes).header.format).toBe(format);
      let seed = 1;
      const random = (below: number): number => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        return (seed >>> 8) % below;
      };
      for (let run = 0; run < RUNS; run++) {
        let damaged = bytes.slice();
        for (let n = random(4); n >= 0; n--) {
          const at = random(damaged.length);
          const kind = random(4);
          if (kind === 0) damaged = damaged.slice(0, at + 1);
          else if (kind === 1) damaged[at] = random(256);
          else if (kind === 2) damaged[at] = (damaged[at] as number) ^ (1 << random(8));
          else damaged = Uint8Array.from([...damaged.subarray(0, at), random(256), ...damaged.subarray(at)]);
        }
        try {
          expect(
            await applyPatch(base, damaged, { maxTargetSizeBytes: 65_536, moreFormats: [kvd1] }),
          ).toEqual(target);
        } catch (error) {
          expect(isOtaError(error), String(error)).toBe(true);
        }
      }
    },
    600_000,
  );

  it('cannot ask for more work than its size allows', () => {
    const coder = createCoder(createRangeDecoder(new Uint8Array(64)), 100, 12);
    expect(() => {
      for (let i = 0; i < 101; i++) coder.flag(1);
    }).toThrow(/too much work/);
  });
});
