import { isSha256Hex, type Sha256Hex } from '@kivyx-ota/core';
import { FAILED_MAX_ENTRIES } from './limits.ts';
import {
  binaryIdField,
  encodeTextRecord,
  hashField,
  integerField,
  parseTextRecord,
  readTextRecord,
  type FieldType,
  type HashHex,
  type SlotReading,
  type TextRecordShape,
} from './text-record.ts';

/** A bundle that used up a budget under this binary. */
export interface FailedBundle {
  readonly sha256Hex: Sha256Hex;
  /** `crash`: at least one crash or timeout; final. `unknown`: only exits without evidence; may be retried once per token. */
  readonly cause: 'crash' | 'unknown';
  readonly versionCode: number;
  /** The retry token under which it failed; only a higher one allows another try. */
  readonly retryToken: number;
}

/** Everything the boot code remembers (`boot.0`, `boot.1`). Written by the boot code only. */
export interface BootRecord {
  /** Rises by one with every write; also the source of launch ids. */
  readonly sequence: number;
  /** Which installed binary this is about. */
  readonly binaryId: string;
  /** Highest version code ever accepted under this binary, at least the embedded one. */
  readonly highestVersionCode: number;
  /** Version codes up to this are refused although their hash is not in `failed` (it was evicted). */
  readonly rejectUpTo: number;
  /** Last consumed request of the intent record. */
  readonly requestId: number;
  /** The bundle to run; empty for the embedded one. */
  readonly currentSha256Hex: Sha256Hex | '';
  readonly currentVersionCode: number;
  /** `P` never confirmed, `H` confirmed, empty for the embedded bundle. */
  readonly currentState: '' | 'P' | 'H';
  readonly currentRetryToken: number;
  readonly crashes: number;
  readonly unknowns: number;
  readonly neutrals: number;
  /** Last confirmed bundle (the current one when that is `H`). */
  readonly goodSha256Hex: Sha256Hex | '';
  readonly goodVersionCode: number;
  /** The confirmed bundle before `good`. */
  readonly previousSha256Hex: Sha256Hex | '';
  readonly previousVersionCode: number;
  /** A bundle that was lost to disk damage while nothing was held against it: it may be installed again. */
  readonly lostSha256Hex: Sha256Hex | '';
  /** The launch whose outcome is not known yet; 0 for none. */
  readonly launchId: number;
  readonly launchSha256Hex: Sha256Hex | '';
  readonly failed: readonly FailedBundle[];
}

const stateField: FieldType<BootRecord['currentState']> = {
  parse: (text) => (text === '' || text === 'P' || text === 'H' ? text : undefined),
  format: (value) => (value === '' || value === 'P' || value === 'H' ? value : undefined),
};

const failedField: FieldType<readonly FailedBundle[]> = {
  parse: (text) => {
    if (text === '') return [];
    const entries = text.split(',');
    if (entries.length > FAILED_MAX_ENTRIES) return undefined;
    const out: FailedBundle[] = [];
    for (const entry of entries) {
      const parsed = parseFailed(entry);
      if (parsed === undefined || out.some(({ sha256Hex }) => sha256Hex === parsed.sha256Hex))
        return undefined;
      out.push(parsed);
    }
    return out;
  },
  format: (value) => {
    const text = value.map(formatFailed).join(',');
    return failedField.parse(text) === undefined ? undefined : text;
  },
};

function parseFailed(entry: string): FailedBundle | undefined {
  const parts = entry.split(':');
  const [sha256Hex, letter] = parts;
  if (parts.length !== 4 || !isSha256Hex(sha256Hex) || (letter !== 'c' && letter !== 'u')) return undefined;
  const versionCode = integerField.parse(parts[2] as string);
  const retryToken = integerField.parse(parts[3] as string);
  if (versionCode === undefined || retryToken === undefined) return undefined;
  return { sha256Hex, cause: letter === 'c' ? 'crash' : 'unknown', versionCode, retryToken };
}

function formatFailed({ sha256Hex, cause, versionCode, retryToken }: FailedBundle): string {
  return `${sha256Hex}:${cause === 'crash' ? 'c' : 'u'}:${versionCode}:${retryToken}`;
}

const SHAPE: TextRecordShape<BootRecord> = {
  magic: 'OTAB',
  version: 1,
  fields: [
    { key: 'seq', property: 'sequence', type: integerField },
    { key: 'bin', property: 'binaryId', type: binaryIdField },
    { key: 'hw', property: 'highestVersionCode', type: integerField },
    { key: 'rb', property: 'rejectUpTo', type: integerField },
    { key: 'rid', property: 'requestId', type: integerField },
    { key: 'cur', property: 'currentSha256Hex', type: hashField },
    { key: 'curvc', property: 'currentVersionCode', type: integerField },
    { key: 'curst', property: 'currentState', type: stateField },
    { key: 'curtok', property: 'currentRetryToken', type: integerField },
    { key: 'cc', property: 'crashes', type: integerField },
    { key: 'cu', property: 'unknowns', type: integerField },
    { key: 'cn', property: 'neutrals', type: integerField },
    { key: 'good', property: 'goodSha256Hex', type: hashField },
    { key: 'goodvc', property: 'goodVersionCode', type: integerField },
    { key: 'prev', property: 'previousSha256Hex', type: hashField },
    { key: 'prevvc', property: 'previousVersionCode', type: integerField },
    { key: 'lost', property: 'lostSha256Hex', type: hashField },
    { key: 'lid', property: 'launchId', type: integerField },
    { key: 'lhash', property: 'launchSha256Hex', type: hashField },
    { key: 'failed', property: 'failed', type: failedField },
  ],
  check: (record) => {
    if ((record.currentSha256Hex === '') !== (record.currentState === '')) return 'curst does not fit cur';
    if ((record.launchSha256Hex === '') !== (record.launchId === 0)) return 'lhash does not fit lid';
    if (record.launchId > record.sequence) return 'lid is larger than seq';
    return undefined;
  },
};

/** Names of the two slots, older and newer in turn. */
export const BOOT_SLOTS: readonly [string, string] = ['boot.0', 'boot.1'];

/** A record with nothing in it, for a binary that has never booted here. */
export function emptyBootRecord(binaryId: string, embeddedVersionCode: number): BootRecord {
  return {
    sequence: 0,
    binaryId,
    highestVersionCode: embeddedVersionCode,
    rejectUpTo: 0,
    requestId: 0,
    currentSha256Hex: '',
    currentVersionCode: 0,
    currentState: '',
    currentRetryToken: 0,
    crashes: 0,
    unknowns: 0,
    neutrals: 0,
    goodSha256Hex: '',
    goodVersionCode: 0,
    previousSha256Hex: '',
    previousVersionCode: 0,
    lostSha256Hex: '',
    launchId: 0,
    launchSha256Hex: '',
    failed: [],
  };
}

/**
 * The bytes of a boot slot: magic `OTAB1`, twenty lines, checksum; at most 4,096 bytes.
 *
 * @throws RangeError when a value has no spelling or two contradict each other.
 */
export function encodeBootRecord(record: BootRecord, hashHex?: HashHex): Uint8Array {
  return encodeTextRecord(SHAPE, record, hashHex);
}

/**
 * Reads a boot slot (untrusted bytes, at most 4,096).
 *
 * @throws ERR_LIFECYCLE_RECORD_CORRUPT, ERR_LIFECYCLE_RECORD_NEWER
 */
export function parseBootRecord(bytes: Uint8Array, hashHex?: HashHex): BootRecord {
  return parseTextRecord(SHAPE, bytes, hashHex);
}

/** {@link parseBootRecord} with the outcome as a value. */
export function safeParseBootRecord(bytes: Uint8Array, hashHex?: HashHex): SlotReading<BootRecord> {
  return readTextRecord(SHAPE, bytes, hashHex);
}
