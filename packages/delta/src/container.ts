import { bytesToHex, concatBytes, hexToBytes } from '@kivyx-ota/core';
import { createByteReader } from './byte-reader.ts';
import { createByteWriter } from './byte-writer.ts';
import { deltaError } from './error.ts';

/** What every patch says first, whatever its format (docs/spec/patch-container.md). */
export interface PatchHeader {
  /** `kvd1`, … : also the suffix of the storage key. */
  readonly format: string;
  /** First 4 bytes of the SHA-256 of the base: to find a mix-up early. Trust comes from the signed hash of the result. */
  readonly basePrefixHex: string;
  readonly baseSizeBytes: number;
  readonly targetPrefixHex: string;
  readonly targetSizeBytes: number;
}

/** Bytes of a hash in the header. */
export const HASH_PREFIX_BYTES = 4;
const MAGIC = [0x4b, 0x56, 0x50];
// Numbers, not names: a patch of a hundred bytes has no room for text.
const FORMATS: Readonly<Record<number, string>> = { 1: 'kvd1', 2: 'kvh1', 3: 'kvm1' };

/**
 * Splits a patch (untrusted) into header and body.
 *
 * @throws ERR_DELTA_FORMAT when it is no patch, ERR_DELTA_UNKNOWN_FORMAT when a newer reader is needed, ERR_DELTA_CORRUPT
 */
export function readContainer(patch: Uint8Array): {
  readonly header: PatchHeader;
  readonly body: Uint8Array;
} {
  if (!MAGIC.every((byte, i) => patch[i] === byte))
    throw deltaError('ERR_DELTA_FORMAT', 'This is not a Kivyx patch (it does not begin with KVP)');
  const reader = createByteReader(patch.subarray(MAGIC.length));
  const number = reader.byte();
  const format = FORMATS[number];
  if (format === undefined)
    throw deltaError('ERR_DELTA_UNKNOWN_FORMAT', `Patch format ${number} is not known here`, { number });
  const basePrefixHex = bytesToHex(reader.take(HASH_PREFIX_BYTES));
  const targetPrefixHex = bytesToHex(reader.take(HASH_PREFIX_BYTES));
  const baseSizeBytes = reader.varint();
  const targetSizeBytes = baseSizeBytes + reader.signedVarint();
  if (targetSizeBytes < 0)
    throw deltaError('ERR_DELTA_CORRUPT', 'The patch says that its target has less than no bytes');
  return {
    body: reader.take(reader.left()),
    header: { basePrefixHex, baseSizeBytes, format, targetPrefixHex, targetSizeBytes },
  };
}

/** Puts a header before a body. */
export function writeContainer(header: PatchHeader, body: Uint8Array): Uint8Array {
  const number = Object.keys(FORMATS).find((key) => FORMATS[Number(key)] === header.format);
  if (number === undefined) throw new RangeError(`writeContainer: no format ${header.format}`);
  const writer = createByteWriter();
  for (const byte of MAGIC) writer.byte(byte);
  writer.byte(Number(number));
  writer.bytes(hexToBytes(header.basePrefixHex));
  writer.bytes(hexToBytes(header.targetPrefixHex));
  writer.varint(header.baseSizeBytes);
  writer.signedVarint(header.targetSizeBytes - header.baseSizeBytes);
  return concatBytes(writer.finish(), body);
}
