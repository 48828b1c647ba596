// Boot and intent records with something changed: refused by a typed error, or read and written again to the same bytes.
import { utf8ToBytes } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import {
  emptyBootRecord,
  EMPTY_INTENT,
  encodeBootRecord,
  encodeIntentRecord,
  parseBootRecord,
  parseIntentRecord,
} from '@kivyx-ota/lifecycle';
import { concat, itIsReadOneWay, type Target } from '../../core/test/suite/damage.ts';

const [A, B, C] = ['a', 'b', '0'].map((digit) => digit.repeat(64)) as [string, string, string];
const boot = encodeBootRecord({
  ...emptyBootRecord('1.0.0+301:1790000000000', 7),
  currentSha256Hex: A,
  currentState: 'P',
  currentVersionCode: 12,
  failed: [{ cause: 'crash', retryToken: 0, sha256Hex: C, versionCode: 10 }],
  goodSha256Hex: B,
  goodVersionCode: 11,
  highestVersionCode: 12,
  requestId: 3,
  sequence: 41,
});
const intent = encodeIntentRecord({
  ...EMPTY_INTENT,
  acknowledgedLaunchId: 40,
  binaryId: '1.0.0+301:1790000000000',
  requestId: 3,
  sequence: 9,
  stage: A,
  versionCode: 12,
});

const SEAL_LENGTH = 'sha256='.length + 64 + 1;

/** Anywhere in its bytes; and under a checksum that fits, so that the rules have to notice. */
const record = (
  name: string,
  good: Uint8Array,
  rewrite: (bytes: Uint8Array) => Uint8Array,
): readonly Target[] => {
  const target = { good: () => good, spellings: (input: Uint8Array) => [rewrite(input)], weight: 1 };
  return [
    { ...target, name: `${name}, anywhere` },
    {
      ...target,
      damage: (whole, mutate) => {
        const lines = mutate(whole.subarray(0, whole.length - SEAL_LENGTH));
        return concat(lines, utf8ToBytes(`sha256=${sha256Hex(lines)}\n`));
      },
      mayRead: true,
      name: `payload of ${name}, sealed again`,
    },
  ];
};

itIsReadOneWay([
  ...record('a boot record', boot, (bytes) => encodeBootRecord(parseBootRecord(bytes))),
  ...record('an intent record', intent, (bytes) => encodeIntentRecord(parseIntentRecord(bytes))),
]);
