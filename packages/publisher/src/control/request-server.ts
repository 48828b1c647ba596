import { readAtMost } from '@kivyx-ota/core';
import { publishError } from '../error.ts';

/** An answer as it came: nothing of it is trusted. */
export interface ServerAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when it is larger than the caller wants. */
  readonly body: Uint8Array | undefined;
}

const TIMEOUT_MS = 30_000;

/**
 * One request and its whole answer, within 30 seconds and `maxSizeBytes`. Redirects are refused, as devices do: who sends an API key
 * elsewhere is not the server that was meant.
 *
 * @throws ERR_PUBLISH_SERVER, retryable, when it does not answer or breaks off
 */
export async function requestServer(
  baseUrl: string,
  path: string,
  {
    fetch: send = globalThis.fetch,
    maxSizeBytes,
    ...request
  }: Pick<RequestInit, 'body' | 'headers' | 'method'> & {
    readonly fetch?: typeof globalThis.fetch | undefined;
    readonly maxSizeBytes: number;
  },
): Promise<ServerAnswer> {
  try {
    const { body, headers, status } = await send(new URL(path, baseUrl), {
      ...request,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { body: await readAtMost(body, maxSizeBytes), headers, status };
  } catch (cause) {
    throw publishError('ERR_PUBLISH_SERVER', `${baseUrl} does not answer: ${reasonOf(cause)}`, {
      cause,
      retryable: true,
    });
  }
}

/** `fetch` says "fetch failed"; what failed (name, connection, certificate) is the cause of that. */
function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  if (cause instanceof Error && cause.message !== '') return cause.message;
  return error instanceof Error ? error.message : String(error);
}
