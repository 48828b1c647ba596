import { isSha256Hex, type Sha256Hex } from '@kivyx-ota/core';
import {
  binaryIdField,
  encodeTextRecord,
  integerField,
  parseTextRecord,
  readTextRecord,
  type FieldType,
  type HashHex,
  type SlotReading,
  type TextRecordShape,
} from './text-record.ts';

/** What JavaScript asks the next boot for (`intent.0`, `intent.1`). Written by JavaScript only. */
export interface IntentRecord {
  /** Rises by one with every write. */
  readonly sequence: number;
  /** Identifies the request below; the boot code consumes each id once. */
  readonly requestId: number;
  /** The bundle to run next, `embedded` (directive only), or empty: no request, or a withdrawn one. */
  readonly stage: Sha256Hex | 'embedded' | '';
  readonly versionCode: number;
  /** The binary the request was made under. */
  readonly binaryId: string;
  /** True when a signed rollback directive demands it: the version may go down. */
  readonly directive: boolean;
  /** The release's retry token in the signed index; 0 when it has none. */
  readonly retryToken: number;
  /** Highest launch id that JavaScript confirmed. */
  readonly acknowledgedLaunchId: number;
}

const stageField: FieldType<string> = {
  parse: (text) => (text === '' || text === 'embedded' || isSha256Hex(text) ? text : undefined),
  format: (value) => (value === '' || value === 'embedded' || isSha256Hex(value) ? value : undefined),
};

const flagField: FieldType<boolean> = {
  parse: (text) => (text === '1' ? true : text === '0' ? false : undefined),
  format: (value) => (value ? '1' : '0'),
};

const SHAPE: TextRecordShape<IntentRecord> = {
  magic: 'OTAI',
  version: 1,
  fields: [
    { key: 'seq', property: 'sequence', type: integerField },
    { key: 'rid', property: 'requestId', type: integerField },
    { key: 'stage', property: 'stage', type: stageField },
    { key: 'vc', property: 'versionCode', type: integerField },
    { key: 'bin', property: 'binaryId', type: binaryIdField },
    { key: 'dir', property: 'directive', type: flagField },
    { key: 'tok', property: 'retryToken', type: integerField },
    { key: 'ack', property: 'acknowledgedLaunchId', type: integerField },
  ],
};

/** Names of the two slots. */
export const INTENT_SLOTS: readonly [string, string] = ['intent.0', 'intent.1'];

/** What a device that never asked for anything has. */
export const EMPTY_INTENT: IntentRecord = {
  sequence: 0,
  requestId: 0,
  stage: '',
  versionCode: 0,
  binaryId: '',
  directive: false,
  retryToken: 0,
  acknowledgedLaunchId: 0,
};

/**
 * The bytes of an intent slot: magic `OTAI1`, eight lines, checksum.
 *
 * @throws RangeError when a value has no spelling.
 */
export function encodeIntentRecord(record: IntentRecord, hashHex?: HashHex): Uint8Array {
  return encodeTextRecord(SHAPE, record, hashHex);
}

/**
 * Reads an intent slot (untrusted bytes, at most 4,096).
 *
 * @throws ERR_LIFECYCLE_RECORD_CORRUPT, ERR_LIFECYCLE_RECORD_NEWER
 */
export function parseIntentRecord(bytes: Uint8Array, hashHex?: HashHex): IntentRecord {
  return parseTextRecord(SHAPE, bytes, hashHex);
}

/** {@link parseIntentRecord} with the outcome as a value. */
export function safeParseIntentRecord(bytes: Uint8Array, hashHex?: HashHex): SlotReading<IntentRecord> {
  return readTextRecord(SHAPE, bytes, hashHex);
}
