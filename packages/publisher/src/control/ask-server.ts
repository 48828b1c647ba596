import type { ChannelScope } from '@kivyx-ota/manifest';
import { publishError } from '../error.ts';
import { requestServer } from './request-server.ts';

/** A control plane (`@kivyx-ota/server`) and the channel of it that devices read. */
export interface ControlTarget {
  /** Of the server, with the slash: `https://ota.example.com/`. */
  readonly baseUrl: string;
  /** An API key with the scopes that the verb needs; it is sent, and told to nobody. */
  readonly apiKey: string;
  readonly scope: ChannelScope;
  /** Default: that of the platform. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A page of 100 releases, each with all the patches it may have, is below 1 MB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * One request to the server. The answer is untrusted: only its JSON is read, and callers check what they take from it.
 *
 * @throws ERR_PUBLISH_SERVER when the server refuses, does not answer, or does not come to an end; `details` has its status and code
 */
export async function askServer(
  { apiKey, baseUrl, fetch }: ControlTarget,
  path: string,
  { body, what }: { readonly body?: unknown; readonly what: string },
): Promise<unknown> {
  const answer = await requestServer(baseUrl, path, {
    fetch,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    maxSizeBytes: MAX_ANSWER_BYTES,
    ...(body === undefined ? { method: 'GET' } : { body: JSON.stringify(body), method: 'POST' }),
  });
  const { status } = answer;
  const isOk = status >= 200 && status < 300;
  if (isOk && answer.body === undefined)
    throw publishError(
      'ERR_PUBLISH_SERVER',
      `${baseUrl} answers with more than ${MAX_ANSWER_BYTES} bytes: is it the server?`,
      { details: { status } },
    );
  const read = parseJson(answer.body);
  if (isOk) return read;
  const { code, detail } = (typeof read === 'object' && read !== null ? read : {}) as Record<string, unknown>;
  throw publishError(
    'ERR_PUBLISH_SERVER',
    `The server did not ${what}: ${typeof detail === 'string' ? detail : `status ${status}`}`,
    {
      details: { status, ...(typeof code === 'string' ? { code } : {}) },
      retryable: status === 429 || status >= 500 || code === 'ERR_SERVER_CONTENTION',
    },
  );
}

function parseJson(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
