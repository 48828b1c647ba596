import { base64urlToBytes } from '@kivyx-ota/core';

/** The bytes of padded standard Base64. */
export function decodeBase64(text: string): Uint8Array {
  return base64urlToBytes(text.replace(/=+$/, '').replace(/\+/g, '-').replace(/\//g, '_'));
}
