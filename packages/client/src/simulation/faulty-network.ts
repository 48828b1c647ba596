import type { Random } from '@kivyx-ota/lifecycle/simulation';
import type { HttpPort } from '../ports.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** A file as a server has it. */
export interface NetworkFile {
  readonly bytes: Uint8Array;
  /** With its quotes. */
  readonly etag: string;
}

/** What may go wrong with an answer. */
export type NetworkFault =
  /** No answer at all. */
  | 'unreachable'
  /** The connection breaks somewhere in the body. */
  | 'breaks'
  /** It ends early, and says nothing of it. */
  | 'cut-off'
  /** One bit is another one. */
  | 'bit-flip'
  /** A page of a hotel, with status 200. */
  | 'captive-portal'
  /** 500, 503 with or without Retry-After, 429. */
  | 'busy'
  /** The whole file, whatever part was asked for. */
  | 'no-ranges'
  /** Another entity tag than the last time, and a 206 all the same. */
  | 'other-tag'
  | 'redirect'
  /** Content-Length and ETag are missing. */
  | 'bare';

/** A network between a client and the files of a server. */
export interface FaultyNetwork {
  readonly http: HttpPort;
  /** Faults that may strike; empty: none does. */
  faults: readonly NetworkFault[];
  /** One answer in so many is faulty. Default 3. */
  oneIn: number;
  /** Answers so far, and bytes of bodies that were sent. */
  readonly sent: { answers: number; bytes: number };
}

const CHUNK_BYTES = 1024;
const PORTAL = '<html>Welcome to our hotel</html>';

/** `serve` gives what lies at a path below `baseUrl` now; every chunk takes a millisecond of `time`. */
export function createFaultyNetwork(
  random: Random,
  baseUrl: string,
  serve: (path: string) => NetworkFile | undefined,
  time: Pick<SimulatedTime, 'timer'>,
): FaultyNetwork {
  const network: FaultyNetwork = {
    faults: [],
    http: {
      get: async ({ headers: asked, maxSizeBytes, onChunk, onHead, signal, url }) => {
        const fault =
          network.faults.length > 0 && random.once(network.oneIn) ? random.pick(network.faults) : undefined;
        network.sent.answers++;
        if (fault === 'unreachable') throw new Error('no route to host');
        const file = url.startsWith(baseUrl) ? serve(url.slice(baseUrl.length)) : undefined;
        let { headers, body, status } = answerOf(file, asked, fault);
        if (fault === 'redirect') status = 302;
        if (fault === 'busy') {
          status = random.pick([429, 500, 503]);
          if (random.once(2)) headers = { 'retry-after': random.pick(['1', '30', '99999999', 'tomorrow']) };
        }
        if (fault === 'captive-portal') {
          status = 200;
          body = Uint8Array.from(PORTAL, (char) => char.charCodeAt(0));
          headers = { 'content-type': 'text/html' };
        }
        if (fault === 'bit-flip' && body.length > 0) {
          body = body.slice();
          const at = random.below(body.length);
          body[at] = (body[at] as number) ^ (1 << random.below(8));
        }
        if (fault === 'cut-off') body = body.subarray(0, random.below(body.length + 1));
        const breaksAt = fault === 'breaks' ? random.below(body.length + 1) : Number.POSITIVE_INFINITY;
        await onHead?.({ headers, status });
        const collected: Uint8Array[] = [];
        for (let at = 0; at < body.length; at += CHUNK_BYTES) {
          if (at >= breaksAt || signal?.aborted === true) break;
          await time.timer.sleep(1);
          const chunk = body.slice(at, Math.min(at + CHUNK_BYTES, body.length, breaksAt));
          network.sent.bytes += chunk.length;
          if (at + chunk.length > maxSizeBytes) throw new Error('more than was asked for');
          if (onChunk === undefined) collected.push(chunk);
          else await onChunk(chunk);
        }
        if (breaksAt <= body.length) throw new Error('the connection broke');
        return { body: join(collected), headers, status };
      },
    },
    oneIn: 3,
    sent: { answers: 0, bytes: 0 },
  };
  return network;
}

function answerOf(
  file: NetworkFile | undefined,
  asked: Readonly<Record<string, string>>,
  fault: NetworkFault | undefined,
): { headers: Record<string, string>; body: Uint8Array; status: number } {
  const nothing = new Uint8Array(0);
  if (file === undefined) return { body: nothing, headers: {}, status: 404 };
  const { bytes, etag } = file;
  if (fault === 'bare') return { body: bytes, headers: {}, status: 200 };
  if (asked['if-none-match'] === etag) return { body: nothing, headers: { etag }, status: 304 };
  const from = Number(/^bytes=([0-9]+)-$/.exec(asked['range'] ?? '')?.[1] ?? Number.NaN);
  const isSame = asked['if-range'] === undefined || asked['if-range'] === etag;
  if (Number.isNaN(from) || fault === 'no-ranges' || (!isSame && fault !== 'other-tag')) {
    return { body: bytes, headers: { 'content-length': String(bytes.length), etag }, status: 200 };
  }
  if (from >= bytes.length) return { body: nothing, headers: { etag }, status: 416 };
  return {
    body: bytes.subarray(from),
    headers: {
      'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
      etag: fault === 'other-tag' ? '"another"' : etag,
    },
    status: 206,
  };
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
