import { base64urlToBytes } from '@kivyx-ota/core';
import { coseError } from '../error.ts';

/**
 * The DER of the one `label` block in `text` (RFC 7468).
 *
 * @throws ERR_KEY_FORMAT when there is no such block, more than one, or its Base64 is broken.
 */
export function decodePem(text: string, label: string): Uint8Array {
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const start = text.indexOf(begin);
  const stop = text.indexOf(end);
  if (start < 0 || stop < start || text.indexOf(begin, start + 1) >= 0) {
    const found = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
    throw coseError(
      'ERR_KEY_FORMAT',
      `Expected one PEM block "${label}", found ${found === undefined ? 'none' : `"${found}"`}`,
    );
  }
  const body = text.slice(start + begin.length, stop).replace(/[\r\n\t ]/g, '');
  const unpadded = body
    .replace(/={1,2}$/, '')
    .replace(/\+/g, '-')
    .replace(/\//g, '_');
  try {
    return base64urlToBytes(unpadded);
  } catch {
    throw coseError('ERR_KEY_FORMAT', `The PEM block "${label}" is not Base64`);
  }
}
