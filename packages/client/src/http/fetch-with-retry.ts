import { isOtaError } from '@kivyx-ota/core';
import { clientError } from '../error.ts';
import type { ClientEvent } from '../events.ts';
import type { ClientPorts, HttpHead, HttpResponse, StopSignal } from '../ports.ts';

/** What to get, and how patiently. */
export interface FetchOptions {
  readonly url: string;
  readonly maxSizeBytes: number;
  /** Recomputed for every attempt, so that a resumed download asks for the rest. */
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly onHead?: (head: HttpHead) => Promise<void> | void;
  readonly onChunk?: (chunk: Uint8Array) => Promise<void> | void;
  /** Statuses that are answers; everything else is an error. */
  readonly accept: readonly number[];
  readonly signal?: StopSignal;
  readonly attempts?: number;
}

/** Network patience; all of it can be set, because networks differ. */
export interface NetworkPolicy {
  readonly idleTimeoutMs: number;
  /** Below this for longer than `slowAfterMs` a transfer is given up (slow retrieval attack). */
  readonly minBytesPerSecond: number;
  readonly slowAfterMs: number;
  readonly attempts: number;
}

export const DEFAULT_NETWORK: NetworkPolicy = {
  attempts: 4,
  idleTimeoutMs: 20_000,
  minBytesPerSecond: 256,
  slowAfterMs: 60_000,
};

const MAX_RETRY_AFTER_MS = 86_400_000;
/** Waiting longer than this inside a call helps nobody; the caller is told to come back instead. */
const LONGEST_WAIT_MS = 60_000;

/**
 * GETs with bounded size, a minimum rate, and retries with full jitter for what a retry may heal. `Retry-After` is honoured up
 * to a day: short waits here, long ones as an error that says when.
 *
 * @throws ERR_CLIENT_… of the network kind
 */
export async function fetchWithRetry(
  { http, timer, random, clock }: Pick<ClientPorts, 'clock' | 'http' | 'random' | 'timer'>,
  policy: NetworkPolicy,
  options: FetchOptions,
  emit: (event: ClientEvent) => void,
): Promise<HttpResponse> {
  const attempts = options.attempts ?? policy.attempts;
  for (let attempt = 1; ; attempt++) {
    let failure: unknown;
    let waitMs = 0;
    try {
      const response = await fetchOnce({ http, timer }, policy, options);
      if (options.accept.includes(response.status)) return response;
      failure = statusError(options.url, response.status);
      waitMs = retryAfterMs(response.headers['retry-after'], clock.nowMs());
    } catch (error) {
      failure = isOtaError(error)
        ? error
        : clientError('ERR_CLIENT_NETWORK', `No answer from ${options.url}`, {
            cause: error,
            retryable: true,
          });
    }
    if (waitMs > LONGEST_WAIT_MS) {
      throw clientError(
        'ERR_CLIENT_HTTP_STATUS',
        `${options.url} asks to come back in ${Math.ceil(waitMs / 1000)} s`,
        {
          details: { retryAfterMs: waitMs },
          retryable: true,
        },
      );
    }
    const retryable = isOtaError(failure) && failure.retryable;
    if (!retryable || attempt >= attempts || options.signal?.aborted === true) throw failure;
    const jitter = ((random.bytes(1)[0] as number) + 1) / 256;
    waitMs = Math.max(waitMs, jitter * Math.min(30_000, 500 * 2 ** attempt));
    emit({ attempt, code: isOtaError(failure) ? failure.code : '', type: 'retry', url: options.url, waitMs });
    await timer.sleep(waitMs);
  }
}

async function fetchOnce(
  { http, timer }: Pick<ClientPorts, 'http' | 'timer'>,
  policy: NetworkPolicy,
  options: FetchOptions,
): Promise<HttpResponse> {
  if (options.signal?.aborted === true) throw clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller');
  const startedMs = timer.monotonicMs();
  let received = 0;
  const chunks: Uint8Array[] = [];
  let accepted = false;
  const response = await http.get({
    headers: options.headers?.() ?? {},
    idleTimeoutMs: policy.idleTimeoutMs,
    maxSizeBytes: options.maxSizeBytes,
    onChunk: async (chunk) => {
      if (options.signal?.aborted === true) throw clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller');
      received += chunk.length;
      // A port may not know the cap; nothing beyond it is kept whatever the port does.
      if (received > options.maxSizeBytes) {
        throw clientError(
          'ERR_CLIENT_TOO_LARGE',
          `${options.url} sends more than ${options.maxSizeBytes} bytes`,
        );
      }
      const elapsedMs = timer.monotonicMs() - startedMs;
      if (elapsedMs > policy.slowAfterMs && received < (policy.minBytesPerSecond * elapsedMs) / 1000) {
        throw clientError(
          'ERR_CLIENT_SLOW',
          `${options.url} sends less than ${policy.minBytesPerSecond} bytes per second`,
          { retryable: true },
        );
      }
      // The body of an error page is nobody's business.
      if (!accepted) return;
      if (options.onChunk === undefined) chunks.push(chunk.slice());
      else await options.onChunk(chunk);
    },
    onHead: async (head) => {
      if (head.status >= 300 && head.status < 400 && head.status !== 304) {
        throw clientError(
          'ERR_CLIENT_REDIRECT',
          `${options.url} redirects (${head.status}); addresses here are final`,
          { details: { status: head.status } },
        );
      }
      accepted = options.accept.includes(head.status);
      if (accepted) await options.onHead?.(head);
    },
    url: options.url,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { ...response, body: join(chunks) };
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

function statusError(url: string, status: number): Error {
  const retryable = status === 408 || status === 425 || status === 429 || status >= 500;
  return clientError('ERR_CLIENT_HTTP_STATUS', `${url} answered ${status}`, {
    details: { status },
    retryable,
  });
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), at most a day. */
function retryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  const text = header.trim();
  const ms = /^[0-9]{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) || ms <= 0 ? 0 : Math.min(ms, MAX_RETRY_AFTER_MS);
}
