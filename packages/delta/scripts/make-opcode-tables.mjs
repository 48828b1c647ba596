// Makes src/hermes/instructions/opcodes.ts from data/opcodes-*.json: what the device needs to know, in 3 kB instead of 60.
// Usage: node scripts/make-opcode-tables.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';

/** One letter per operand: its type, and what it refers to. Meaning and sizes: src/hermes/instructions/opcode-table.ts. */
const LETTERS = {
  Reg8: 'r',
  Reg32: 'R',
  UInt8: 'b',
  UInt16: 'h',
  UInt32: 'w',
  Imm32: 'i',
  // Two words: nothing is gained by knowing more of a double.
  Double: 'ww',
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
  'UInt8:slot': 'e',
  'UInt16:slot': 'E',
  'UInt8:place': 'n',
  'UInt16:place': 'N',
  'UInt8:readCache': 'c',
  'UInt8:writeCache': 'm',
};
// Instructions whose first register is read, not written.
const READS_FIRST =
  /^(Put|TryPut|Store|Ret$|Throw|DefineOwn|Jmp|J[A-Z]|AddOwn|DelBy|UIntSwitch|StringSwitch|SwitchImm|Declare)/;
// Operands that say where in an environment, and where in an object or array that is being filled.
const SLOTS = [
  ['slot', /(To|From)Environment/],
  ['place', /^PutOwnBy(SlotIdx|Index)|^DefineOwn(ByIndex|InDenseArray)/],
];

function tableText({ opcodes }) {
  const entries = opcodes.map(({ name, operands, refs = {} }) => {
    const letters = operands.map((type, i) => {
      const to = refs[i + 1] ?? SLOTS.find(([, names]) => names.test(name))?.[0];
      const letter = LETTERS[`${type}:${to}`] ?? LETTERS[type];
      if (letter === undefined) throw new Error(`${name}: no letter for ${type} ${refs[i + 1]}`);
      return letter;
    });
    const traits =
      (READS_FIRST.test(name) ? 0 : 1) +
      (name.startsWith('Try') ? 2 : 0) +
      (/^LoadConst(UInt8|Int)$/.test(name) ? 4 : 0) +
      (name === 'LoadConstZero' ? 8 : 0);
    return { key: familyKey(name, operands, refs), text: (traits === 1 ? '' : traits) + letters.join('') };
  });
  return entries
    .map(({ key, text }, i) => {
      // Wider forms stand behind the narrow one that they belong to.
      const narrow = key === undefined ? i : entries.findIndex((other) => other.key === key);
      if (i - narrow > 9) throw new Error(`${text}: its family is too far away`);
      return narrow === i ? text : `${text}${i - narrow}`;
    })
    .join(' ');
}

/** The same for opcodes that differ only in the width of a reference. */
function familyKey(name, operands, refs) {
  if (!Object.values(refs).some((ref) => /string|function|shape|Buffer/.test(ref))) return undefined;
  return `${name.replace(/(Short|LongIndex|Long)$/, '')}|${operands.length}`;
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
const target = new URL('../src/hermes/instructions/opcodes.ts', import.meta.url);
if (process.argv.includes('--check')) {
  // The formatter may have broken lines.
  const plain = (source) => source.replaceAll(/\s+/g, '');
  if (plain(readFileSync(target, 'utf8')) !== plain(text)) {
    console.error(
      'src/hermes/instructions/opcodes.ts is not what data/ makes: run node scripts/make-opcode-tables.mjs',
    );
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
