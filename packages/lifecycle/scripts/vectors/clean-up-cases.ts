import { encodeBootRecord, encodeIntentRecord } from '@kivyx-ota/lifecycle';
import type { Found } from './boot-case.ts';
import { bytesOf } from './damage.ts';
import { ALL, bootRecord, CURRENT, CRASHED, GOOD, intentRecord, LOST, NEWER, ROWS } from './situations.ts';

export interface CleanUpCase {
  readonly name: string;
  readonly boot: readonly [Found, Found];
  readonly intent: readonly [Found, Found];
  readonly bundles: readonly string[];
  readonly inUse: readonly string[];
}

const BUNDLES = [...ALL, 'README', `${GOOD}.tmp`];

/** What may be removed, for every row and for slots in every state. */
export function cleanUpCases(): readonly CleanUpCase[] {
  const wants = encodeIntentRecord(intentRecord({ stage: NEWER, versionCode: 21 }));
  const cases: CleanUpCase[] = Object.entries(ROWS).map(([row, record]) => ({
    name: row,
    boot: [encodeBootRecord(record), 'absent'],
    intent: ['absent', wants],
    bundles: BUNDLES,
    inUse: [],
  }));
  const pending = encodeBootRecord(ROWS['pending'] as never);
  const other = encodeBootRecord(bootRecord({ sequence: 40, currentSha256Hex: LOST, currentState: 'H' }));
  const torn = bytesOf('OTAB1\nseq=');
  const add = (name: string, change: Partial<CleanUpCase>): void => {
    const calm = { boot: [pending, other], bundles: BUNDLES, inUse: [], intent: [wants, 'absent'] } as const;
    cases.push({ ...calm, name, ...change });
  };
  add('both slots count', {});
  add('what is in use counts', { inUse: [CRASHED] });
  add('one slot torn', { boot: [torn, pending] });
  add('both slots torn', { boot: [torn, torn] });
  add('no boot record', { boot: ['absent', 'absent'] });
  add('a boot slot is locked', { boot: [pending, 'locked'] });
  add('an intent slot is locked', { intent: ['locked', 'absent'] });
  add('a boot slot of a newer schema', { boot: [pending, bytesOf('OTAB2\n')] });
  add('an intent slot of a newer schema', { intent: [wants, bytesOf('OTAI2\n')] });
  add('an intent slot torn', { intent: [wants, bytesOf('OTAI1\n')] });
  add('two requests stand', { intent: [wants, encodeIntentRecord(intentRecord({ stage: CURRENT }))] });
  add('nothing is there', { bundles: [] });
  return cases;
}
