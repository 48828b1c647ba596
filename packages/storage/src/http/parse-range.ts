import type { ByteRange } from '../object-storage.ts';

/**
 * One byte range of a `Range` header (RFC 9110 §14.1.2). Anything else (several ranges, other units, nonsense) is as if
 * the header were not there, which the RFC allows; a range that starts behind the end is unsatisfiable.
 */
export function parseRange(
  header: string | null,
  sizeBytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { endByte: sizeBytes - 1, startByte: sizeBytes - length };
  }
  const startByte = Number(first);
  const endByte = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== '' && Number(last) < startByte) return undefined;
  return startByte >= sizeBytes ? 'unsatisfiable' : { endByte, startByte };
}
