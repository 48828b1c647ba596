import { concatBytes } from '@kivyx-ota/core';
import { ascii, sampleBytes } from './samples.ts';

/** A request as a server sees it; header names in lower case. */
export interface ScriptRequest {
  /** Path of the URL, without query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What the server of the HTTP and download cases answers. */
export interface ScriptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent in order; `waitMs` before each. */
  readonly parts: readonly { readonly bytes: Uint8Array; readonly waitMs?: number }[];
  /** After the parts: end, cut the connection, or wait `endWaitMs` and end. */
  readonly end: 'normal' | 'cut';
  readonly endWaitMs?: number;
}

/** The bytes of `/bytes/<n>`. */
export function scriptBytes(length: number): Uint8Array {
  return sampleBytes(length, 42);
}

/** What `/gzip` says. */
export const GZIP_TEXT = 'kivyx kivyx kivyx kivyx kivyx kivyx kivyx kivyx';

/** How long `/silent` and `/stall` keep a client waiting before they end as if all was well. */
const LONG_WAIT_MS = 1500;

/**
 * The server that {@link httpPortCases} and {@link downloadPortCases} talk to, as a function: serve it by whatever server there is.
 * `/bytes/<n>` honours ranges, `/whole/<n>` does not.
 */
export function httpScript({ path, headers }: ScriptRequest): ScriptAnswer {
  const [, what = '', argument = ''] = path.split('/');
  const size = Number(argument);
  switch (what) {
    case 'bytes':
      return ranged(size, headers['range']);
    case 'whole':
      return plain(200, scriptBytes(size));
    case 'echo':
      return plain(200, ascii(JSON.stringify(headers)), { 'X-Kivyx-Case': 'MiXed' });
    case 'status':
      return plain(size, ascii('a page that nobody asked for'));
    case 'redirect':
      return plain(302, ascii('elsewhere'), { Location: '/bytes/5' });
    case 'gzip':
      return (headers['accept-encoding'] ?? '').includes('gzip')
        ? plain(200, gzipStored(ascii(GZIP_TEXT)), { 'Content-Encoding': 'gzip' })
        : plain(200, ascii(GZIP_TEXT));
    case 'drip':
      return {
        end: 'normal',
        headers: { 'Content-Length': '50' },
        parts: [0, 1, 2, 3, 4].map((i) => ({
          bytes: scriptBytes(50).slice(i * 10, i * 10 + 10),
          waitMs: 400,
        })),
        status: 200,
      };
    case 'silent':
      return {
        end: 'normal',
        headers: {},
        parts: [{ bytes: ascii('late'), waitMs: LONG_WAIT_MS }],
        status: 200,
      };
    case 'stall':
      return {
        end: 'normal',
        endWaitMs: LONG_WAIT_MS,
        headers: {},
        parts: [{ bytes: scriptBytes(1000) }],
        status: 200,
      };
    case 'cut':
      return {
        end: 'cut',
        endWaitMs: 1200,
        headers: { 'Content-Length': String(size * 2) },
        parts: [{ bytes: scriptBytes(size) }],
        status: 200,
      };
    case 'long':
      return {
        end: 'normal',
        headers: {},
        parts: Array.from({ length: 40 }, (_, i) => ({
          bytes: scriptBytes(65_536),
          waitMs: i === 0 ? 0 : 20,
        })),
        status: 200,
      };
    default:
      return plain(404, ascii(`the script has no ${path}`));
  }
}

function plain(status: number, body: Uint8Array, headers: Record<string, string> = {}): ScriptAnswer {
  const length = status === 304 || status === 204 ? {} : { 'Content-Length': String(body.length) };
  return {
    end: 'normal',
    headers: { 'Content-Type': 'application/octet-stream', ...length, ...headers },
    parts: status === 304 || status === 204 ? [] : [{ bytes: body }],
    status,
  };
}

function ranged(size: number, range: string | undefined): ScriptAnswer {
  const body = scriptBytes(size);
  const tag = { ETag: '"v1"' };
  const start = Number(/^bytes=([0-9]+)-$/.exec(range ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) return plain(200, body, tag);
  if (start >= size) return plain(416, ascii('no such range'), { 'Content-Range': `bytes */${size}` });
  return plain(206, body.slice(start), {
    ...tag,
    'Content-Range': `bytes ${start}-${size - 1}/${size}`,
  });
}

/** A gzip member (RFC 1952) with one stored block (RFC 1951 §3.2.4): any bytes below 64 KiB, without a compressor. */
function gzipStored(bytes: Uint8Array): Uint8Array {
  const le = (value: number, width: number): number[] =>
    Array.from({ length: width }, (_, i) => (value >>> (8 * i)) & 255);
  return concatBytes(
    Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]),
    Uint8Array.from([1, ...le(bytes.length, 2), ...le(~bytes.length & 0xffff, 2)]),
    bytes,
    Uint8Array.from([...le(crc32(bytes), 4), ...le(bytes.length, 4)]),
  );
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
