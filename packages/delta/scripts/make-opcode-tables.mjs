// Makes src/hermes/opcodes.ts from data/opcodes-*.json: what the device needs to know, in 3 kB instead of 60.
// Usage: node scripts/make-opcode-tables.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';

/** One letter per operand: its type, and what it refers to. Meaning and sizes: src/hermes/opcode-table.ts. */
const LETTERS = {
  Reg8: 'r',
  Reg32: 'R',
  UInt8: 'b',
  UInt16: 'h',
  UInt32: 'w',
  Imm32: 'i',
  Double: 'd',
  'Addr8:jump': 'j',
  'Addr32:jump': 'J',
  'UInt8:string': 's',
  'UInt16:string': 'S',
  'UInt32:string': 'T',
  'UInt16:function': 'f',
  'UInt32:function': 'F',
  'UInt16:shape': 'p',
  'UInt32:shape': 'P',
  'UInt16:valueBuffer': 'v',
  'UInt32:valueBuffer': 'V',
  'UInt16:keyBuffer': 'k',
  'UInt32:keyBuffer': 'K',
  'UInt16:objectValueBuffer': 'o',
  'UInt32:objectValueBuffer': 'O',
  'UInt16:bigint': 'g',
  'UInt32:bigint': 'G',
  'UInt32:regexp': 'x',
  'UInt32:switchTable': 't',
  'UInt32:stringSwitchIndex': 'q',
  'UInt8:readCache': 'c',
  'UInt8:writeCache': 'm',
};
// Instructions whose first register is read, not written.
const READS_FIRST =
  /^(Put|TryPut|Store|Ret$|Throw|DefineOwn|Jmp|J[A-Z]|AddOwn|DelBy|UIntSwitch|StringSwitch|SwitchImm|Declare)/;

function tableText({ opcodes }) {
  const entries = opcodes.map(({ name, operands, refs = {} }) => {
    const letters = operands.map((type, i) => {
      const letter = LETTERS[refs[i + 1] === undefined ? type : `${type}:${refs[i + 1]}`];
      if (letter === undefined) throw new Error(`${name}: no letter for ${type} ${refs[i + 1]}`);
      return letter;
    });
    const traits =
      (READS_FIRST.test(name) ? 0 : 1) +
      (name.startsWith('Try') ? 2 : 0) +
      (/^LoadConst(UInt8|Int)$/.test(name) ? 4 : 0) +
      (name === 'LoadConstZero' ? 8 : 0);
    return traits.toString(16) + letters.join('');
  });
  const families = new Map();
  opcodes.forEach(({ name, operands, refs = {} }, number) => {
    if (!Object.values(refs).some((ref) => /string|function|shape|Buffer/.test(ref))) return;
    const key = `${name.replace(/(Short|LongIndex|Long)$/, '')}|${operands.length}`;
    families.set(key, [...(families.get(key) ?? []), number]);
  });
  const SIZES = { Addr8: 1, Double: 8, Reg8: 1, UInt16: 2, UInt8: 1 };
  const size = (number) => opcodes[number].operands.reduce((sum, type) => sum + (SIZES[type] ?? 4), 0);
  const groups = [...families.values()].filter((group) => group.length > 1);
  for (const group of groups) group.sort((a, b) => size(a) - size(b));
  return `${entries.join(' ')}|${groups.map((group) => group.join('.')).join(' ')}`;
}

const tables = [89, 96, 98, 99].map((version) => {
  const json = JSON.parse(readFileSync(new URL(`../data/opcodes-${version}.json`, import.meta.url), 'utf8'));
  return `  ${version}:\n    '${tableText(json)}',\n`;
});
const text = `// Made by scripts/make-opcode-tables.mjs from data/opcodes-*.json. Do not edit.

/** Opcode tables by bytecode version, in the notation of {@link parseOpcodeTable}. */
export const OPCODE_TABLES: Readonly<Record<number, string>> = {
${tables.join('')}};
`;
const target = new URL('../src/hermes/opcodes.ts', import.meta.url);
if (process.argv.includes('--check')) {
  // The formatter may have broken lines.
  const plain = (source) => source.replaceAll(/\s+/g, '');
  if (plain(readFileSync(target, 'utf8')) !== plain(text)) {
    console.error('src/hermes/opcodes.ts is not what data/ makes: run node scripts/make-opcode-tables.mjs');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
