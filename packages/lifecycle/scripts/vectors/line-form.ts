import type { BootVector, CleanUpVector, Expected, LifecycleVectors } from './build-vectors.ts';

const HEAD = `# The vectors of lifecycle-boot.json, one fact a line, for languages without a JSON parser.
# Words are separated by one space. Bytes that are not printable ASCII, spaces and % are written %XX; an empty word is %-.
# A list is its length, then its words. Which lines a case has is said in ../lifecycle.md.
kivyx-lifecycle-vectors 1
`;

/** The same vectors as lines of words. */
export function toLineForm({ files, records, markers, boots, cleanUps }: LifecycleVectors): string {
  const lines: string[] = [];
  const add = (...words: readonly (string | number)[]): void =>
    void lines.push(words.map((word) => escape(String(word))).join(' '));
  for (const [name, text] of Object.entries(files)) add('file', name, text);
  for (const { name, record, file, reading, detail } of records)
    add('record', name, record, file, reading, detail ?? '');
  for (const { name, kind, launchId } of markers) add('marker', name, kind ?? '', launchId ?? 0);
  for (const one of boots) addBoot(add, one);
  for (const one of cleanUps) addCleanUp(add, one);
  return `${HEAD}${lines.join('\n')}\n`;
}

type Add = (...words: readonly (string | number)[]) => void;

function addBoot(add: Add, one: BootVector): void {
  add('boot', one.name);
  add('slots', ...one.boot, ...one.intent);
  if (one.names === 'locked') add('names', 'locked');
  else add('names', one.names.length, ...one.names);
  add('binary', one.binaryId, one.embeddedVersionCode);
  add('lock', one.lockAcquired ? 1 : 0);
  add('intact', one.intact.length, ...one.intact);
  addExpected(add, one.expected);
  const { write } = one.expected;
  add('write', write?.slot ?? '', write?.file ?? '');
  if (one.ifWriteFails !== undefined) {
    add('failing');
    addExpected(add, one.ifWriteFails);
  }
  add('end');
}

function addExpected(add: Add, { launch, deletes, reasons }: Expected): void {
  if (launch.kind === 'embedded') add('launch', 'embedded');
  else {
    const { sha256Hex, versionCode, pending, launchId = 0 } = launch;
    add('launch', 'bundle', sha256Hex, versionCode, pending ? 1 : 0, launchId);
  }
  add('deletes', deletes.length, ...deletes);
  add('reasons', reasons.length, ...reasons.map((one) => `${one.code}:${one.sha256Hex ?? ''}`));
}

function addCleanUp(add: Add, one: CleanUpVector): void {
  add('clean-up', one.name);
  add('slots', ...one.boot, ...one.intent);
  add('bundles', one.bundles.length, ...one.bundles);
  add('in-use', one.inUse.length, ...one.inUse);
  add('removable', one.removable.length, ...one.removable);
  add('end');
}

function escape(word: string): string {
  if (word === '') return '%-';
  return word.replace(/[^!-$&-~]/g, (char) => {
    const code = char.charCodeAt(0);
    if (code > 255) throw new RangeError(`A character that is no byte in ${word}`);
    return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
  });
}
