import { joinBytes } from '@kivyx-ota/core';
import { clientError } from '../error.ts';
import type { ClientEvent } from '../events.ts';
import type { ClientPorts, HttpHead, HttpResponse } from '../ports.ts';
import {
  createRateCheck,
  type NetworkPolicy,
  refuseRedirect,
  type RetryOptions,
  withRetry,
} from './with-retry.ts';

/** What to get, and how patiently. */
export interface FetchOptions extends RetryOptions {
  readonly maxSizeBytes: number;
  /** Recomputed for every attempt, so that a resumed download asks for the rest. */
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly onHead?: (head: HttpHead) => Promise<void> | void;
  readonly onChunk?: (chunk: Uint8Array) => Promise<void> | void;
}

/**
 * GETs with bounded size, a minimum rate, and retries.
 *
 * @throws ERR_CLIENT_… of the network kind
 */
export function fetchWithRetry(
  ports: Pick<ClientPorts, 'clock' | 'http' | 'random' | 'timer'>,
  policy: NetworkPolicy,
  options: FetchOptions,
  emit: (event: ClientEvent) => void,
): Promise<HttpResponse> {
  return withRetry(ports, policy, options, emit, () => fetchOnce(ports, policy, options));
}

async function fetchOnce(
  { http, timer }: Pick<ClientPorts, 'http' | 'timer'>,
  policy: NetworkPolicy,
  options: FetchOptions,
): Promise<HttpResponse> {
  const checkRate = createRateCheck(options.url, policy, timer);
  let received = 0;
  const chunks: Uint8Array[] = [];
  let accepted = false;
  let isOver = false;
  let last: Promise<void> | undefined;
  const take = async (chunk: Uint8Array): Promise<void> => {
    if (isOver || options.signal?.aborted === true)
      throw clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller');
    received += chunk.length;
    // A port may not know the cap; nothing beyond it is kept whatever the port does.
    if (received > options.maxSizeBytes) {
      throw clientError(
        'ERR_CLIENT_TOO_LARGE',
        `${options.url} sends more than ${options.maxSizeBytes} bytes`,
      );
    }
    checkRate(received);
    // The body of an error page is nobody's business.
    if (!accepted) return;
    if (options.onChunk === undefined) chunks.push(chunk.slice());
    else await options.onChunk(chunk);
  };
  const begin = async (head: HttpHead): Promise<void> => {
    refuseRedirect(options.url, head);
    accepted = options.accept.includes(head.status);
    if (accepted) await options.onHead?.(head);
  };
  try {
    const response = await http.get({
      headers: options.headers?.() ?? {},
      idleTimeoutMs: policy.idleTimeoutMs,
      maxSizeBytes: options.maxSizeBytes,
      onChunk: (chunk) => (last = take(chunk)),
      onHead: (head) => (last = begin(head)),
      url: options.url,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return { ...response, body: joinBytes(chunks) };
  } finally {
    // A connection may break while what it brought is still being written: the next attempt begins behind that, and nothing comes late.
    isOver = true;
    await last?.catch(() => undefined);
  }
}
