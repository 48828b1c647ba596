import { encodeBootRecord, encodeIntentRecord } from '@kivyx-ota/lifecycle';
import type { BootCase, BootSituation, Found } from './boot-case.ts';
import { BOOT_TEXTS, bytesOf, INTENT_TEXTS } from './damage.ts';
import {
  ALL,
  bootRecord,
  CURRENT,
  GOOD,
  intentRecord,
  LAUNCH_ID,
  LOST,
  NEWER,
  REQUESTS,
  ROWS,
  situation,
} from './situations.ts';

const MAX = Number.MAX_SAFE_INTEGER;

/** Damaged, torn, locked and newer slots, numbers at their limits, full lists. */
export function brokenCases(): readonly BootCase[] {
  const cases: BootCase[] = [];
  const add = (name: string, base: BootSituation): void => void cases.push({ ...base, name });
  const pending = ROWS['pending'] as NonNullable<(typeof ROWS)[string]>;
  const healthy = ROWS['healthy'] as NonNullable<(typeof ROWS)[string]>;
  const newer = REQUESTS['a newer bundle'] as NonNullable<(typeof REQUESTS)[string]>;
  const healthyBytes = encodeBootRecord({ ...healthy, sequence: LAUNCH_ID - 1, launchId: LAUNCH_ID - 1 });
  const calm = situation(undefined, newer);

  for (const [what, text] of Object.entries(BOOT_TEXTS)) {
    const damaged = bytesOf(text);
    add(`boot.1 ${what}, boot.0 healthy`, { ...calm, boot: [healthyBytes, damaged] });
    add(`boot.0 ${what}, boot.1 absent`, { ...calm, boot: [damaged, 'absent'] });
  }
  for (const [what, text] of Object.entries(INTENT_TEXTS)) {
    const damaged = bytesOf(text);
    const older = encodeIntentRecord(intentRecord({ sequence: 29, acknowledgedLaunchId: LAUNCH_ID }));
    add(`intent.1 ${what}, intent.0 older`, situation(pending, undefined, { intent: [older, damaged] }));
  }

  add('nothing at all, first start', situation(undefined, undefined));
  add('no boot record, a request stands', calm);
  add('no boot record, a marker and a confirmation of earlier days', {
    ...situation(undefined, { ...newer, acknowledgedLaunchId: 99 }),
    names: ['crash.120', 'bg.7'],
  });
  const torn = bytesOf(BOOT_TEXTS['torn in the middle'] as string);
  const zeroed = bytesOf(BOOT_TEXTS['zero-filled'] as string);
  add('both boot slots corrupt, a request stands', { ...calm, boot: [torn, zeroed] });
  add('both boot slots corrupt, no intent', situation(undefined, undefined, { boot: [torn, zeroed] }));
  add('both boot slots corrupt, markers stand', { ...calm, boot: [torn, zeroed], names: ['crash.77'] });
  for (const slot of [0, 1] as const) {
    const at = (one: Found, other: Found): [Found, Found] => (slot === 0 ? [one, other] : [other, one]);
    const bytes = encodeBootRecord(pending);
    add(`boot.${slot} locked, the other pending`, { ...calm, boot: at('locked', bytes) });
    add(`boot.${slot} locked, the other absent`, { ...calm, boot: at('locked', 'absent') });
    add(`intent.${slot} locked`, situation(pending, undefined, { intent: at('locked', 'absent') }));
    const later = encodeBootRecord({ ...pending, sequence: LAUNCH_ID + 1 });
    add(`boot.${slot} is the newer of two`, { ...calm, boot: at(later, healthyBytes) });
    add(`boot.${slot} is a newer schema, locked folder`, {
      ...calm,
      boot: at(bytesOf('OTAB2\n'), bytes),
      names: 'locked',
    });
    add(`intent.${slot} is a newer schema, the other asks`, {
      ...situation(healthy, undefined),
      intent: at(bytesOf('OTAI2\nfuture'), encodeIntentRecord(newer)),
    });
  }
  add('both boot slots with the same sequence', {
    ...calm,
    boot: [encodeBootRecord(pending), encodeBootRecord(healthy)],
  });
  add('another process has the lock, everything is locked', {
    ...calm,
    boot: ['locked', 'locked'],
    lockAcquired: false,
    names: 'locked',
  });

  for (const name of [
    'crash.041',
    'crash.0',
    'crash.',
    'Crash.41',
    'crash.41.new',
    'xcrash.41',
    'crash.9007199254740992',
    'crash.-41',
    'crash.4 1',
    'tmp',
    'bg.41x',
    'ack.41',
  ])
    add(`a file named ${name} is no marker`, situation(pending, undefined, { names: [name] }));
  add('a marker at the largest number', situation(undefined, undefined, { names: [`crash.${MAX}`] }));
  add('the sequence is exhausted', situation(bootRecord({ sequence: MAX }), undefined));
  add('the sequence is nearly exhausted', situation(bootRecord({ sequence: MAX - 1 }), newer));
  add('a confirmation at the largest number', situation(undefined, { ...newer, acknowledgedLaunchId: MAX }));
  add('version codes at their limit', {
    ...situation(bootRecord({ highestVersionCode: MAX - 1 }), { ...newer, versionCode: MAX }),
  });
  add('no version code is above the limit', situation(bootRecord({ highestVersionCode: MAX }), newer));
  add('counters beyond their budgets', {
    ...situation({ ...pending, crashes: MAX, neutrals: MAX, unknowns: MAX }, undefined),
  });
  add('counters of a healthy bundle beyond their budgets', {
    ...situation({ ...healthy, crashes: MAX, neutrals: MAX, unknowns: MAX }, undefined, {
      names: [`crash.${LAUNCH_ID}`],
    }),
  });
  for (const binaryId of ['', '1.0 (beta)', 'x'.repeat(129), 'x'.repeat(128), '1.0\n', '2.0\u00E9'])
    add(`the binary calls itself ${JSON.stringify(binaryId)}`, { ...calm, binaryId });
  add('the embedded version code is negative', { ...calm, embeddedVersionCode: -1 });

  const full = Array.from({ length: 32 }, (_, i) => ({
    sha256Hex: (i + 1).toString(16).padStart(64, '0'),
    cause: i % 3 === 0 ? ('unknown' as const) : ('crash' as const),
    versionCode: 100 - ((i * 7) % 32),
    retryToken: 0,
  }));
  const crashing = { ...pending, crashes: 1, currentVersionCode: 200, highestVersionCode: 200, failed: full };
  const crash = { names: [`crash.${LAUNCH_ID}`] };
  add('the 33rd failure evicts the lowest version', situation(crashing, undefined, crash));
  add('the 33rd failure is itself the lowest', {
    ...situation({ ...crashing, currentVersionCode: 3 }, undefined, crash),
  });
  add('the 33rd failure ties with the lowest', {
    ...situation({ ...crashing, currentVersionCode: 69 }, undefined, crash),
  });
  const evicted = { ...pending, rejectUpTo: 60, highestVersionCode: 20 };
  const asks = (stage: string, versionCode: number, directive = false) =>
    ({ ...newer, directive, stage, versionCode }) as const;
  add('a version below the evicted one', situation(evicted, asks(NEWER, 60)));
  add('a version above the evicted one', situation(evicted, asks(NEWER, 61)));
  add('a directive below the evicted one', situation(evicted, asks(NEWER, 60, true)));
  add('a directive to a good bundle below the evicted one', situation(evicted, asks(GOOD, 12, true)));
  add('a lost bundle below the evicted one', {
    ...situation({ ...evicted, lostSha256Hex: LOST }, asks(LOST, 16)),
  });
  add('the bundle asked for is damaged', {
    ...situation(healthy, newer, { intact: ALL.filter((one) => one !== NEWER) }),
  });
  add('the current bundle is damaged and is asked for again', {
    ...situation(healthy, asks(CURRENT, 20), { intact: ALL.filter((one) => one !== CURRENT) }),
  });
  add('good is the current one, previous is the same', {
    ...situation({ ...healthy, crashes: 2, previousSha256Hex: CURRENT }, undefined, crash),
  });
  add('the launch was of another bundle than the current one', {
    ...situation({ ...pending, launchSha256Hex: GOOD }, undefined, crash),
  });
  return cases;
}
