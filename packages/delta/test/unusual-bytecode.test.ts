import { applyPatch } from '@kivyx-ota/delta/apply';
import { createPatch } from '@kivyx-ota/delta/diff';
import { kvd1 } from '@kivyx-ota/delta/kvd1';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeU32 } from '../src/hermes/entropy/bits.ts';
import {
  DEBUG_INFO,
  FILE_LENGTH,
  FLAGS,
  FUNCTION_HEADERS,
  OFFSET,
  SEGMENT_ID,
  STRING_STORAGE,
} from '../src/hermes/file/bytecode-layout.ts';
import { createFileWriter } from '../src/hermes/file/file-writer.ts';
import { readFunctionInfo } from '../src/hermes/instructions/function-code.ts';
import { HEADER_WORDS_AT, parseHermes } from '../src/hermes/file/parse-hermes.ts';
import { stringSections } from '../src/hermes/strings/string-sections.ts';
import { finish } from '../src/hermes/work.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures/hermes', `${name}.hbc`)));

/** The file with another value in a word of its header. */
function withHeaderWord(bytes: Uint8Array, word: number, value: number): Uint8Array {
  const out = bytes.slice();
  writeU32(out, HEADER_WORDS_AT + 4 * parseHermes(bytes).layout.header.indexOf(word), value);
  return out;
}

/** The file with `more` strings behind its own. */
function withStrings(bytes: Uint8Array, more: readonly string[]): Uint8Array {
  const { functions, header, layout, sections, strings } = parseHermes(bytes);
  const text = new TextEncoder().encode(more.join(''));
  const count = strings.count + more.length;
  const grown = <T extends Uint8Array | Uint32Array>(column: T, out: T): T => {
    out.set(column);
    return out;
  };
  const table = {
    count,
    kind: grown(strings.kind, new Uint8Array(count)),
    length: grown(strings.length, new Uint32Array(count)),
    offset: grown(strings.offset, new Uint32Array(count)),
    wide: grown(strings.wide, new Uint8Array(count)),
  };
  let end = (sections[STRING_STORAGE] as Uint8Array).length;
  more.forEach((one, i) => {
    table.offset[strings.count + i] = end;
    table.length[strings.count + i] = one.length;
    end += one.length;
  });
  const starts = functions.fields[OFFSET] as Uint32Array;
  const first = Math.min(...starts);
  const last = Math.min(header[DEBUG_INFO] as number, ...functions.info.filter((at) => at > 0));
  const build = (padding: number): { bytes: Uint8Array; shift: number } => {
    const storage = new Uint8Array(end + padding);
    storage.set(sections[STRING_STORAGE] as Uint8Array);
    storage.set(text, (sections[STRING_STORAGE] as Uint8Array).length);
    const parts = Object.assign([...sections], finish(stringSections(table, storage)));
    parts[FUNCTION_HEADERS] = new Uint8Array(functions.count * layout.smallSize);
    const size = bytes.length + 4 * more.length + end + 4096;
    const writer = createFileWriter(layout, header, parts, size);
    writer.bytes.set(bytes.subarray(first, last), writer.start);
    const shift = writer.start - first;
    const fields = functions.fields.map((column) => column.slice());
    fields[OFFSET] = starts.map((at) => at + shift);
    fields[FLAGS] = (fields[FLAGS] as Uint32Array).map((flags) => flags & ~32);
    const exceptions = new Map(
      Array.from({ length: functions.count }, (_, j) => [
        j,
        readFunctionInfo(parseHermes(bytes), j).exceptions,
      ]),
    );
    finish(
      writer.finish(
        { count: functions.count, debug: () => [], end: last + shift, exceptions, fields },
        sections[DEBUG_INFO] as Uint8Array,
      ),
    );
    const made = writer.bytes.slice(0, writer.header[FILE_LENGTH]);
    made.set(bytes.subarray(0, HEADER_WORDS_AT));
    return { bytes: made, shift };
  };
  // Jump tables lie at multiples of four: the bodies move by one.
  for (let padding = 0; ; padding++) {
    const { bytes: made, shift } = build(padding);
    if (shift % 4 === 0) return made;
  }
}

const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `key${i}`);
const base = fixture('base-99');
const target = fixture('target-99');
const empty = new Uint8Array(0);

describe('bundles that are not what they seem', () => {
  it.each([
    ['CommonJS modules', fixture('commonjs-base-96'), fixture('commonjs-target-96'), /kvh1/],
    [
      'a segment of a bundle',
      withHeaderWord(base, SEGMENT_ID, 2),
      withHeaderWord(target, SEGMENT_ID, 3),
      /kvh1/,
    ],
    ['debug information', fixture('base-debug-99'), fixture('target-debug-99'), /kv/],
    ['debug information on one side', base, fixture('target-debug-99'), /kv/],
    ['a function without a body, as lazy ones have', base, withoutBody(target), /kv/],
    ['more than 65,535 strings', withStrings(base, many(66_000)), withStrings(target, many(66_001)), /kvh1/],
    [
      'a table of functions that reaches outside',
      base,
      withHeaderWord(target, FUNCTION_HEADERS, 60_000),
      /kv[dm]1/,
    ],
    ['a RAM bundle', ramBundle('var a = 1;'), ramBundle('var a = 2;'), /kv[dm]1/],
    ['a RAM bundle of bytecode', ramBundle(base), ramBundle(target), /kv[dm]1/],
    ['nothing before', empty, target, /kv[dm]1/],
    ['nothing after', base, empty, /kv[dm]1/],
    ['nothing at all', empty, empty, /kv[dm]1/],
  ])('%s', async (_name, from, to, formats) => {
    const { bytes, format } = await createPatch(from, to);
    expect(format).toMatch(formats);
    expect(await applyPatch(from, bytes, { moreFormats: [kvd1] })).toEqual(to);
  });

  it.each([
    ['debug information', fixture('base-debug-98'), fixture('target-debug-98')],
    // Debug information is not predicted: where little else changed, the generic format sees more in it.
    [
      'much debug information of which a part moved',
      withDebugInfo(base, 1 << 20),
      withDebugInfo(base, (1 << 20) + 3),
    ],
  ])('%s goes by the smaller one of both formats', async (_name, from, to) => {
    const { bytes, format } = await createPatch(from, to);
    const sizes: Record<string, number> = {};
    for (const one of ['kvh1', 'kvm1'] as const) {
      const made = await createPatch(from, to, { formats: [one] });
      expect(made.format).toBe(one);
      sizes[one] = made.bytes.length;
    }
    expect([format, bytes.length]).toEqual(Object.entries(sizes).sort((a, b) => a[1] - b[1])[0]);
    expect(await applyPatch(from, bytes)).toEqual(to);
  });
});

/** The file with a debug section of 160 kB: addresses in records of 16 bytes, as far as any reader of code can tell. */
function withDebugInfo(bytes: Uint8Array, shift: number): Uint8Array {
  const { header, layout } = parseHermes(bytes);
  const [start, end] = [header[DEBUG_INFO] as number, bytes.length - 20];
  const debug = new Uint8Array(160_000);
  for (let at = 0, address = shift; at < debug.length; at += 16) {
    address += 20 + (Math.imul(at, 0x9e3779b1) >>> 27);
    writeU32(debug, at, at < 20_000 ? address : address - shift);
    for (let k = 4; k < 16; k++) debug[at + k] = Math.imul(at + k, 0x85ebca6b) >>> 24;
  }
  const out = new Uint8Array(start + debug.length + bytes.length - end);
  out.set(bytes.subarray(0, start));
  out.set(debug, start);
  out.set(bytes.subarray(end), start + debug.length);
  writeU32(out, HEADER_WORDS_AT + 4 * layout.header.indexOf(FILE_LENGTH), out.length);
  return out;
}

/** The last function's header says that it has no code. */
function withoutBody(bytes: Uint8Array): Uint8Array {
  const { functions, layout } = parseHermes(bytes);
  const out = bytes.slice();
  const j = functions.count - 1;
  const info = functions.info[j] as number;
  // The size is the fourth field: word 3 of a large header, 14 bits from bit 32 of a small one.
  if (info > 0) writeU32(out, info + 12, 0);
  else out.fill(0, 128 + j * layout.smallSize + 4, 128 + j * layout.smallSize + 6);
  return out;
}

/** Metro's indexed bundle: magic, number of modules, size of the start, a table, then the code. */
function ramBundle(code: string | Uint8Array): Uint8Array {
  const body = typeof code === 'string' ? new TextEncoder().encode(code) : code;
  const out = new Uint8Array(20 + body.length);
  [0xfb0bd1e5, 1, 1, 0, body.length].forEach((word, i) => writeU32(out, 4 * i, word));
  out.set(body, 20);
  return out;
}
