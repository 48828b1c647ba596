import { readAtMost } from '@kivyx-ota/core';
import { clientError } from '../error.ts';
import type { PostJson } from '../telemetry/telemetry-queue.ts';

const MAX_ANSWER_BYTES = 65_536;

/** {@link PostJson} over Node's fetch. `timeoutMs`: for the whole exchange. */
export function nodePost({ timeoutMs = 20_000 }: { readonly timeoutMs?: number } = {}): PostJson {
  return async ({ url, headers, body }) => {
    try {
      const response = await fetch(url, {
        body,
        headers,
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      // The answer's body is of no interest, but the connection is only free when it was read; a long one may cost the connection.
      await readAtMost(response.body, MAX_ANSWER_BYTES);
      return { headers: Object.fromEntries(response.headers), status: response.status };
    } catch (cause) {
      throw clientError('ERR_CLIENT_NETWORK', `No answer from ${url}`, { cause, retryable: true });
    }
  };
}
