import type { ChannelScope } from '@kivyx-ota/manifest';
import { publishError } from '../error.ts';

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

const MAX_ANSWER_CHARACTERS = 16 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * One request to the server. The answer is untrusted: only its JSON is read, and callers check what they take from it.
 *
 * @throws ERR_PUBLISH_SERVER when the server refuses or does not answer; `details` has its status and code
 */
export async function askServer(
  target: ControlTarget,
  path: string,
  request: { readonly body?: unknown; readonly what: string },
): Promise<unknown> {
  const send = target.fetch ?? globalThis.fetch;
  const response = await send(new URL(path, target.baseUrl), {
    headers: {
      authorization: `Bearer ${target.apiKey}`,
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    method: request.body === undefined ? 'GET' : 'POST',
    // A server that sends the key elsewhere is not the one that was meant.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw publishError('ERR_PUBLISH_SERVER', `${target.baseUrl} does not answer`, { cause, retryable: true });
  });
  const text = (await response.text().catch(() => '')).slice(0, MAX_ANSWER_CHARACTERS);
  const answer = parseJson(text);
  if (response.ok) return answer;
  const { status } = response;
  const { code, detail } = (typeof answer === 'object' && answer !== null ? answer : {}) as Record<
    string,
    unknown
  >;
  throw publishError(
    'ERR_PUBLISH_SERVER',
    `The server did not ${request.what}: ${typeof detail === 'string' ? detail : `status ${status}`}`,
    {
      details: { status, ...(typeof code === 'string' ? { code } : {}) },
      retryable: status === 429 || status >= 500 || code === 'ERR_SERVER_CONTENTION',
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
