import type { ChannelScope, IndexRelease } from '@kivyx-ota/manifest';
import { publishError } from '../error.ts';

/** The control plane that is to hear of a release. */
export interface AnnounceTarget {
  /** Of the server, with the slash: `https://ota.example.com/`. */
  readonly baseUrl: string;
  /** An API key with the scope `publish`; it is sent, and told to nobody. */
  readonly apiKey: string;
  /** The channel that devices read, which is not the one that the release was uploaded in. */
  readonly scope: ChannelScope;
  /** Default: that of the platform. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Names an uploaded release to a control plane (`POST /releases` of `@kivyx-ota/server`), which then decides who gets it.
 *
 * With a server, a publisher signs and uploads into a channel of its own that no device reads, `uploads` for instance: its index
 * remembers what there is to make patches from. The server signs the index of the channel that devices do read.
 *
 * @throws ERR_PUBLISH_SERVER when the server refuses or does not answer; `details` has its status and code
 */
export async function announceRelease(release: IndexRelease, target: AnnounceTarget): Promise<void> {
  const { app, channel, platform } = target.scope;
  const send = target.fetch ?? globalThis.fetch;
  const response = await send(new URL('releases', target.baseUrl), {
    body: JSON.stringify({ app, channel, platform, release }),
    headers: { authorization: `Bearer ${target.apiKey}`, 'content-type': 'application/json' },
    method: 'POST',
  }).catch((cause: unknown) => {
    throw publishError('ERR_PUBLISH_SERVER', `${target.baseUrl} does not answer`, { cause, retryable: true });
  });
  if (response.ok) return;
  const { status } = response;
  const { code, detail } = await readProblem(response);
  throw publishError(
    'ERR_PUBLISH_SERVER',
    `The server did not take the release: ${detail ?? `status ${status}`}`,
    {
      details: { status, ...(code === undefined ? {} : { code }) },
      retryable: status === 429 || status >= 500 || code === 'ERR_SERVER_CONTENTION',
    },
  );
}

/** What the answer (untrusted) says, when it is a problem document. */
async function readProblem(response: Response): Promise<{ code?: string; detail?: string }> {
  const text = (await response.text().catch(() => '')).slice(0, 4096);
  try {
    const { code, detail } = JSON.parse(text) as Record<string, unknown>;
    return {
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof detail === 'string' ? { detail } : {}),
    };
  } catch {
    return {};
  }
}
