import { encodeBootRecord, encodeIntentRecord } from '@kivyx-ota/lifecycle';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { intentRecord, NEWER, ROWS } from './situations.ts';

/** Text of which every character stands for one byte. */
export function bytesOf(latin1: string): Uint8Array {
  return Uint8Array.from(latin1, (char) => char.charCodeAt(0));
}

export function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** `lines` under a checksum that fits: what is wrong with them has to be noticed by the rules, not by the hash. */
function sealed(lines: string): string {
  return `${lines}sha256=${sha256Hex(bytesOf(lines))}\n`;
}

const MAX = '9007199254740991';
const HASH = '0123456789abcdef'.repeat(4);

/** A good record's text and everything that may befall it, by what befell it. `unsealed`: without the checksum line. */
function damagesOf(good: string): Readonly<Record<string, string>> {
  const unsealed = good.slice(0, -72);
  const lines = unsealed.split('\n').slice(0, -1);
  const edit = (change: (lines: string[]) => void): string => {
    const copy = [...lines];
    change(copy);
    return sealed(`${copy.join('\n')}\n`);
  };
  const line = (key: string, value: string): string =>
    edit((copy) =>
      copy.splice(
        lines.findIndex((text) => text.startsWith(`${key}=`)),
        1,
        `${key}=${value}`,
      ),
    );
  const magic = good.slice(0, 4);
  return {
    empty: '',
    'one byte': good.slice(0, 1),
    'magic only': `${magic}1\n`,
    'magic without its line feed': `${magic}1`,
    'torn in the first line': good.slice(0, 4),
    'torn in the middle': good.slice(0, good.length >> 1),
    'torn in the checksum': good.slice(0, -20),
    'without its last line feed': good.slice(0, -1),
    'without its checksum line': unsealed,
    'zero-filled': '\0'.repeat(good.length),
    'zero-filled from the middle on': good.slice(0, 200) + '\0'.repeat(good.length - 200),
    'trailing line feed': `${good}\n`,
    'trailing byte': `${good}x`,
    'trailing zero byte': `${good}\0`,
    twice: good + good,
    'CR LF throughout': good.replaceAll('\n', '\r\n'),
    'CR in one value, checksum fits': edit((copy) => (copy[1] += '\r')),
    'only CR': good.replaceAll('\n', '\r'),
    'a tab, checksum fits': edit((copy) => (copy[1] += '\t')),
    'a space before it': ` ${good}`,
    'a byte order mark': `\u00EF\u00BB\u00BF${good}`,
    'a byte above ASCII, checksum fits': edit((copy) => (copy[1] += '\u00E9')),
    'DEL, checksum fits': edit((copy) => (copy[1] += '\u007F')),
    'one bit flipped in a value': good.replace('seq=4', 'seq=5').replace('seq=3', 'seq=2'),
    'one digit of the checksum': `${good.slice(0, -2)}${good.at(-2) === '0' ? '1' : '0'}\n`,
    'upper-case checksum': good.slice(0, -65) + good.slice(-65).toUpperCase(),
    'upper-case checksum key': good.replace('sha256=', 'SHA256='),
    'two keys exchanged, checksum fits': edit((copy) =>
      copy.splice(1, 2, copy[2] as string, copy[1] as string),
    ),
    'the last two keys exchanged, checksum fits': edit((copy) =>
      copy.push(...(copy.splice(-2, 2).reverse() as [string, string])),
    ),
    'a key missing, checksum fits': edit((copy) => copy.splice(2, 1)),
    'a key twice, checksum fits': edit((copy) => copy.splice(2, 0, copy[2] as string)),
    'an unknown key at the end, checksum fits': edit((copy) => copy.push('x=1')),
    'an unknown key in the middle, checksum fits': edit((copy) => copy.splice(3, 1, 'x=1')),
    'an empty line, checksum fits': edit((copy) => copy.splice(3, 0, '')),
    'an upper-case key, checksum fits': edit((copy) => copy.splice(1, 1, (copy[1] as string).toUpperCase())),
    'a line without an equals sign, checksum fits': edit((copy) => copy.splice(1, 1, 'seq')),
    'other letters': `OTAX${good.slice(4)}`,
    'lower-case letters': good.slice(0, 4).toLowerCase() + good.slice(4),
    'no schema number': good.replace(`${magic}1`, magic),
    'schema 0': good.replace(`${magic}1`, `${magic}0`),
    'schema 01': good.replace(`${magic}1`, `${magic}01`),
    'schema 2': good.replace(`${magic}1`, `${magic}2`),
    'schema 2 with anything after it': `${magic}2\n\u0000\u00FFwhatever`,
    'schema 2 and 5,000 bytes': `${magic}2\n${'.'.repeat(5000)}`,
    'schema 10': `${magic}10\n`,
    'schema 999999999': `${magic}999999999\n`,
    'schema of ten digits': `${magic}9999999999\n`,
    'schema 1a': `${magic}1a\n`,
    'schema -1': `${magic}-1\n`,
    'schema 2 without its line feed': `${magic}2`,
    '4,096 bytes of its beginning': good.padEnd(4096, 'x'),
    '4,097 bytes': good.padEnd(4097, '\n'),
    'seq with a leading zero': line('seq', '041'),
    'seq empty': line('seq', ''),
    'seq negative': line('seq', '-1'),
    'seq with a plus': line('seq', '+41'),
    'seq hexadecimal': line('seq', '0x29'),
    'seq a fraction': line('seq', '41.0'),
    'seq with a space': line('seq', ' 41'),
    'seq with digits of another script': line('seq', '\u00B2'),
    'seq 2^53': line('seq', '9007199254740992'),
    'seq of seventeen digits': line('seq', '10000000000000000'),
    'seq of forty digits': line('seq', '1'.repeat(40)),
    'seq 2^53 - 1': line('seq', MAX),
    'bin of 129 characters': line('bin', 'x'.repeat(129)),
    'bin of 128 characters': line('bin', 'x'.repeat(128)),
    'bin with a space': line('bin', '1.0 beta'),
    'bin with a slash': line('bin', '1.0/2'),
    'bin with an equals sign': line('bin', 'a=b'),
    'bin with a comma': line('bin', '1,0'),
    'bin empty': line('bin', ''),
    'bin of all characters': line('bin', 'AZaz09._:+-'),
  };
}

const bootGood = textOf(encodeBootRecord(ROWS['pending, crashed once'] as never));
const intentGood = textOf(
  encodeIntentRecord(intentRecord({ requestId: 8, stage: NEWER, versionCode: 21, acknowledgedLaunchId: 40 })),
);

const boot = (key: string, value: string): string => {
  const unsealed = bootGood.slice(0, -72);
  return sealed(unsealed.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=${value}`));
};
const intent = (key: string, value: string): string => {
  const unsealed = intentGood.slice(0, -72);
  return sealed(unsealed.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=${value}`));
};
const failures = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `${(i + 1).toString(16).padStart(64, '0')}:${i % 2 === 0 ? 'c' : 'u'}:${MAX}:${MAX}`,
  ).join(',');

/** Texts of boot slots, good and bad. */
export const BOOT_TEXTS: Readonly<Record<string, string>> = {
  good: bootGood,
  ...damagesOf(bootGood),
  'cur upper-case': boot('cur', 'C'.repeat(64)),
  'cur of 63 digits': boot('cur', 'c'.repeat(63)),
  'cur of 65 digits': boot('cur', 'c'.repeat(65)),
  'cur not hexadecimal': boot('cur', 'g'.repeat(64)),
  'cur empty although curst is P': boot('cur', ''),
  'curst empty although cur is not': boot('curst', ''),
  'curst unknown': boot('curst', 'F'),
  'curst lower-case': boot('curst', 'p'),
  'lhash empty although lid is not': boot('lhash', ''),
  'lid 0 although lhash is not empty': boot('lid', '0'),
  'lid above seq': boot('lid', '42'),
  'failed with one part missing': boot('failed', `${HASH}:c:1`),
  'failed with a part too many': boot('failed', `${HASH}:c:1:1:1`),
  'failed with an unknown cause': boot('failed', `${HASH}:x:1:1`),
  'failed with a short hash': boot('failed', 'abc:c:1:1'),
  'failed with a leading zero': boot('failed', `${HASH}:c:01:1`),
  'failed with a token of 2^53': boot('failed', `${HASH}:c:1:9007199254740992`),
  'failed twice the same': boot('failed', `${HASH}:c:1:1,${HASH}:u:2:2`),
  'failed with a comma at the end': boot('failed', `${HASH}:c:1:1,`),
  'failed with two commas': boot('failed', `${HASH}:c:1:1,,${'a'.repeat(64)}:c:1:1`),
  'failed with a space': boot('failed', `${HASH}:c:1:1, ${'a'.repeat(64)}:c:1:1`),
  'failed with 32 entries': boot('failed', failures(32).replaceAll(MAX, '1')),
  'failed with 33 entries': boot('failed', failures(33).replaceAll(MAX, '1')),
  'failed with the longest entries that fit': boot('failed', failures(24)),
  'an intent record': intentGood,
};

/** Texts of intent slots, good and bad. */
export const INTENT_TEXTS: Readonly<Record<string, string>> = {
  good: intentGood,
  ...damagesOf(intentGood),
  'stage embedded': intent('stage', 'embedded'),
  'stage Embedded': intent('stage', 'Embedded'),
  'stage empty': intent('stage', ''),
  'stage of 63 digits': intent('stage', 'd'.repeat(63)),
  'dir 1': intent('dir', '1'),
  'dir 2': intent('dir', '2'),
  'dir empty': intent('dir', ''),
  'dir true': intent('dir', 'true'),
  'tok 2^53': intent('tok', '9007199254740992'),
  'ack 2^53 - 1': intent('ack', MAX),
  'a boot record': bootGood,
};
