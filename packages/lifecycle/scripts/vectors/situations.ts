import {
  type BootRecord,
  emptyBootRecord,
  encodeBootRecord,
  encodeIntentRecord,
  EMPTY_INTENT,
  type IntentRecord,
} from '@kivyx-ota/lifecycle';
import type { BootSituation } from './boot-case.ts';

export const BINARY = '2.4.0+301:1790000000000:embedded-0a1b';
export const EMBEDDED_VERSION_CODE = 10;

const hash = (digit: string): string => digit.repeat(64);
/** Bundles of the story: current, good, the one before, newly staged, failed by crash, failed without evidence, lost. */
export const [CURRENT, GOOD, PREVIOUS, NEWER, CRASHED, VANISHED, LOST] = [
  hash('c'),
  hash('a'),
  hash('b'),
  hash('d'),
  hash('e'),
  hash('f'),
  hash('1'),
] as const;
export const ALL: readonly string[] = [CURRENT, GOOD, PREVIOUS, NEWER, CRASHED, VANISHED, LOST];

export const LAUNCH_ID = 41;

export const bootRecord = (change: Partial<BootRecord> = {}): BootRecord => ({
  ...emptyBootRecord(BINARY, EMBEDDED_VERSION_CODE),
  sequence: LAUNCH_ID,
  requestId: 7,
  ...change,
});

const FAILED: BootRecord['failed'] = [
  { sha256Hex: CRASHED, cause: 'crash', versionCode: 13, retryToken: 0 },
  { sha256Hex: VANISHED, cause: 'unknown', versionCode: 14, retryToken: 2 },
];

const pending: Partial<BootRecord> = {
  highestVersionCode: 20,
  currentSha256Hex: CURRENT,
  currentVersionCode: 20,
  currentState: 'P',
  goodSha256Hex: GOOD,
  goodVersionCode: 12,
  previousSha256Hex: PREVIOUS,
  previousVersionCode: 11,
  launchId: LAUNCH_ID,
  launchSha256Hex: CURRENT,
  failed: FAILED,
};
const healthy: Partial<BootRecord> = {
  ...pending,
  currentState: 'H',
  goodSha256Hex: CURRENT,
  goodVersionCode: 20,
  previousSha256Hex: GOOD,
  previousVersionCode: 12,
};

/** The rows of the machine's table, each also just before a budget is used up. */
export const ROWS: Readonly<Record<string, BootRecord>> = {
  embedded: bootRecord(),
  'embedded after failures': bootRecord({ highestVersionCode: 14, failed: FAILED }),
  'embedded, one lost': bootRecord({ highestVersionCode: 16, lostSha256Hex: LOST, failed: FAILED }),
  pending: bootRecord(pending),
  'pending, first ever': bootRecord({
    ...pending,
    goodSha256Hex: '',
    goodVersionCode: 0,
    previousSha256Hex: '',
    previousVersionCode: 0,
  }),
  'pending, crashed once': bootRecord({ ...pending, crashes: 1 }),
  'pending, vanished twice': bootRecord({ ...pending, unknowns: 2 }),
  'pending, nine times in the background': bootRecord({ ...pending, neutrals: 9 }),
  'pending, never launched': bootRecord({ ...pending, launchId: 0, launchSha256Hex: '' }),
  healthy: bootRecord(healthy),
  'healthy, crashed twice': bootRecord({ ...healthy, crashes: 2 }),
  'healthy, good failed before': bootRecord({
    ...healthy,
    crashes: 2,
    failed: [{ sha256Hex: GOOD, cause: 'crash', versionCode: 12, retryToken: 0 }],
  }),
};

export const intentRecord = (change: Partial<IntentRecord> = {}): IntentRecord => ({
  ...EMPTY_INTENT,
  sequence: 30,
  requestId: 7,
  binaryId: BINARY,
  ...change,
});

const request = (stage: string, versionCode: number, change: Partial<IntentRecord> = {}): IntentRecord =>
  intentRecord({ requestId: 8, stage, versionCode, ...change });

/** What JavaScript may have asked for meanwhile. */
export const REQUESTS: Readonly<Record<string, IntentRecord>> = {
  'no request': intentRecord({ stage: CURRENT, versionCode: 20 }),
  'a newer bundle': request(NEWER, 21),
  'a version that is not higher': request(NEWER, 10),
  'a bundle that crashed here': request(CRASHED, 22),
  'a bundle that vanished here': request(VANISHED, 22, { retryToken: 2 }),
  'a bundle that vanished here, with a higher retry token': request(VANISHED, 22, { retryToken: 3 }),
  'a bundle that crashed here, with a retry token': request(CRASHED, 22, { retryToken: 9 }),
  'the current bundle under a higher number': request(CURRENT, 25),
  'the good bundle under a higher number': request(GOOD, 26),
  'a bundle that was lost': request(LOST, 16),
  'a bundle of another binary': request(NEWER, 21, { binaryId: 'other' }),
  'a directive to the embedded bundle': request('embedded', 0, { directive: true }),
  'the embedded bundle without a directive': request('embedded', 0),
  'a directive to an older bundle': request(GOOD, 12, { directive: true }),
  'a directive to one further back': request(PREVIOUS, 11, { directive: true }),
  'a directive to a bundle that failed': request(CRASHED, 13, { directive: true }),
  'a withdrawn request': request('', 0),
};

/** How the open launch may have ended: markers, and whether JavaScript confirmed it. */
export const ENDS: Readonly<Record<string, { readonly names: readonly string[]; readonly ack?: true }>> = {
  confirmed: { names: [], ack: true },
  'a crash marker': { names: [`crash.${LAUNCH_ID}`] },
  'a timeout marker': { names: [`timeout.${LAUNCH_ID}`] },
  'a background marker': { names: [`bg.${LAUNCH_ID}`] },
  nothing: { names: [] },
};

/** A phone on which nothing is wrong. */
export function situation(
  boot: BootRecord | undefined,
  intent: IntentRecord | undefined,
  change: Partial<BootSituation> = {},
): BootSituation {
  return {
    binaryId: BINARY,
    boot: ['absent', boot === undefined ? 'absent' : encodeBootRecord(boot)],
    embeddedVersionCode: EMBEDDED_VERSION_CODE,
    intact: ALL,
    intent: [intent === undefined ? 'absent' : encodeIntentRecord(intent), 'absent'],
    lockAcquired: true,
    names: [],
    ...change,
  };
}
