import { bytesToBase64url } from '@kivyx-ota/core';

const JSON_HEADERS = {
  'cache-control': 'no-store',
  'content-type': 'application/json',
  'x-content-type-options': 'nosniff',
};

/** Bytes become base64url. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    one instanceof Uint8Array ? bytesToBase64url(one) : one,
  );
}

/** `text` is JSON. */
export function jsonText(status: number, text: string): Response {
  return new Response(text, { headers: JSON_HEADERS, status });
}

export function json(status: number, value: unknown): Response {
  return jsonText(status, encodeJson(value));
}
