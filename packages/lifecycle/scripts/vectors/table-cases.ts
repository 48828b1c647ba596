import type { IntentRecord } from '@kivyx-ota/lifecycle';
import type { BootCase, BootSituation } from './boot-case.ts';
import {
  ALL,
  BINARY,
  CURRENT,
  ENDS,
  intentRecord,
  LAUNCH_ID,
  REQUESTS,
  ROWS,
  situation,
} from './situations.ts';

/** Requests that are combined with every end of a launch; the others only with the ends that change what they meet. */
const COMMON: readonly string[] = ['no request', 'a newer bundle', 'a directive to an older bundle'];

const AROUND: Readonly<Record<string, Partial<BootSituation>>> = {
  'another binary': { binaryId: `${BINARY}.1` },
  'another binary with a higher embedded version': { binaryId: `${BINARY}.1`, embeddedVersionCode: 40 },
  'the same binary with a higher embedded version': { embeddedVersionCode: 40 },
  'the current bundle is damaged': { intact: ALL.filter((sha256Hex) => sha256Hex !== CURRENT) },
  'no bundle is intact': { intact: [] },
  'only the current bundle is intact': { intact: [CURRENT] },
  'another process has the lock': { lockAcquired: false },
  'the folder is locked': { names: 'locked' },
  'markers of older launches': { names: [`crash.${LAUNCH_ID - 3}`, 'bg.5', 'timeout.1'] },
  'markers that contradict each other': {
    names: [`bg.${LAUNCH_ID}`, `timeout.${LAUNCH_ID}`, `crash.${LAUNCH_ID}`],
  },
  'a marker of a launch to come': { names: [`crash.${LAUNCH_ID + 1}`] },
};

/** Every row of the machine's table with every end of its launch, every request, and what may be wrong around it. */
export function tableCases(): readonly BootCase[] {
  const newer = REQUESTS['a newer bundle'] as IntentRecord;
  const cases: BootCase[] = [];
  for (const [row, record] of Object.entries(ROWS)) {
    for (const [end, { ack, names }] of Object.entries(ENDS)) {
      // A launch that did not happen has no end.
      if (record.launchId === 0 && end !== 'nothing') continue;
      const acknowledgedLaunchId = ack === true ? LAUNCH_ID : LAUNCH_ID - 1;
      for (const [what, wanted] of Object.entries(REQUESTS)) {
        const changesMuch = end === 'nothing' || (end === 'a crash marker' && record.currentState === 'P');
        if (!changesMuch && !COMMON.includes(what)) continue;
        const intent = { ...wanted, acknowledgedLaunchId };
        cases.push({ ...situation(record, intent, { names }), name: `${row}; ${end}; ${what}` });
      }
    }
    for (const [what, change] of Object.entries(AROUND)) {
      cases.push({ ...situation(record, newer, change), name: `${row}; a newer bundle; ${what}` });
      cases.push({ ...situation(record, undefined, change), name: `${row}; no intent; ${what}` });
    }
    const confirmed = intentRecord({ acknowledgedLaunchId: LAUNCH_ID });
    cases.push({
      ...situation(record, confirmed, { names: [`crash.${LAUNCH_ID}`] }),
      name: `${row}; confirmed and then crashed`,
    });
  }
  return cases;
}
