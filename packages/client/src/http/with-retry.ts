import { isOtaError } from '@kivyx-ota/core';
import { clientError } from '../error.ts';
import type { ClientEvent } from '../events.ts';
import type { ClientPorts, HttpHead, StopSignal } from '../ports.ts';

/** Network patience; all of it can be set, because networks differ. */
export interface NetworkPolicy {
  readonly idleTimeoutMs: number;
  /** Below this for longer than `slowAfterMs` a transfer is given up (slow retrieval attack). */
  readonly minBytesPerSecond: number;
  readonly slowAfterMs: number;
  /** In a row without getting on. */
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

/** What is tried, and tried again. */
export interface RetryOptions {
  readonly url: string;
  /** Statuses that are answers; everything else is an error. */
  readonly accept: readonly number[];
  readonly signal?: StopSignal;
  /**
   * Asked after a failure: did this attempt bring enough that it does not count? Then a line that breaks every few hundred
   * kilobytes still carries a large file.
   */
  readonly gotOn?: () => boolean;
}

/**
 * Runs `once` until it gives an accepted status, with full jitter between attempts, for what a retry may heal. `Retry-After` is
 * honoured up to a day: short waits here, long ones as an error that says when.
 *
 * @throws ERR_CLIENT_… of the network kind
 */
export async function withRetry<T extends HttpHead>(
  { timer, random, clock }: Pick<ClientPorts, 'clock' | 'random' | 'timer'>,
  policy: NetworkPolicy,
  options: RetryOptions,
  emit: (event: ClientEvent) => void,
  once: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let failure: unknown;
    let waitMs = 0;
    try {
      if (options.signal?.aborted === true) throw clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller');
      const response = await once();
      if (options.accept.includes(response.status)) return response;
      failure = statusError(options.url, response.status);
      waitMs = parseRetryAfterMs(response.headers['retry-after'], clock.nowMs());
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
    if (options.gotOn?.() === true) attempt = 1;
    const retryable = isOtaError(failure) && failure.retryable;
    if (!retryable || attempt >= policy.attempts || options.signal?.aborted === true) throw failure;
    const jitter = ((random.bytes(1)[0] as number) + 1) / 256;
    waitMs = Math.max(waitMs, jitter * Math.min(30_000, 500 * 2 ** attempt));
    emit({ attempt, code: isOtaError(failure) ? failure.code : '', type: 'retry', url: options.url, waitMs });
    await timer.sleep(waitMs);
  }
}

/** Refuses an answer that leads elsewhere: an address here is final. */
export function refuseRedirect(url: string, { status }: HttpHead): void {
  if (status < 300 || status >= 400 || status === 304) return;
  throw clientError('ERR_CLIENT_REDIRECT', `${url} redirects (${status}); addresses here are final`, {
    details: { status },
  });
}

/** Throws when fewer bytes have come than the policy wants for that time. */
export function createRateCheck(
  url: string,
  policy: NetworkPolicy,
  timer: Pick<ClientPorts['timer'], 'monotonicMs'>,
): (receivedBytes: number) => void {
  const startedMs = timer.monotonicMs();
  return (receivedBytes) => {
    const elapsedMs = timer.monotonicMs() - startedMs;
    if (elapsedMs <= policy.slowAfterMs || receivedBytes >= (policy.minBytesPerSecond * elapsedMs) / 1000)
      return;
    throw clientError(
      'ERR_CLIENT_SLOW',
      `${url} sends less than ${policy.minBytesPerSecond} bytes per second`,
      {
        retryable: true,
      },
    );
  };
}

function statusError(url: string, status: number): Error {
  const retryable = status === 408 || status === 425 || status === 429 || status >= 500;
  return clientError('ERR_CLIENT_HTTP_STATUS', `${url} answered ${status}`, {
    details: { status },
    retryable,
  });
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), at most a day. */
export function parseRetryAfterMs(header: string | undefined, nowMs: number): number {
  if (header === undefined) return 0;
  const text = header.trim();
  const ms = /^[0-9]{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) || ms <= 0 ? 0 : Math.min(ms, MAX_RETRY_AFTER_MS);
}
