import { equalBytes, readAtMost } from '@kivyx-ota/core';
import { type ChannelScope, indexKey, LIMITS, objectKey } from '@kivyx-ota/manifest';
import { sourceMapKey } from '@kivyx-ota/publisher';

/** One thing that was looked at. */
export interface DeliveryCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

const TIMEOUT_MS = 10_000;
/** No more of an answer is read: of a page for people, or of a file that was asked for in part. */
const MAX_BYTES = LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes;

/**
 * Does what stands between the bucket and the devices (a CDN) give them the same bytes, under headers that they and caches can
 * work with? Asks for the channel's index and for one launch file, as a device does.
 */
export async function checkDelivery(
  baseUrl: string,
  scope: ChannelScope,
  stored: { readonly index: Uint8Array; readonly launchSha256Hex?: string },
): Promise<readonly DeliveryCheck[]> {
  const checks: DeliveryCheck[] = [];
  const note = (name: string, ok: boolean, detail: string): void => void checks.push({ detail, name, ok });
  const ask = async (
    key: string,
    sent: Record<string, string> = {},
  ): Promise<{
    readonly status: number;
    readonly headers: Headers;
    readonly body: Uint8Array | undefined;
  }> => {
    const { body, headers, status } = await fetch(new URL(key, baseUrl), {
      headers: sent,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { body: await readAtMost(body, MAX_BYTES), headers, status };
  };
  const size = (body: Uint8Array | undefined): string =>
    `${body === undefined ? `more than ${MAX_BYTES}` : body.length} bytes`;

  const { hostname, protocol } = new URL(baseUrl);
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  note('cdn: https', protocol === 'https:' || isLoopback, `${protocol}//${hostname}`);
  try {
    const { body, headers, status } = await ask(indexKey(scope));
    const age = maxAge(headers);
    note('cdn: index', status === 200 && body !== undefined, `status ${status}, ${size(body)}`);
    if (status === 200 && body !== undefined) {
      const isSame = equalBytes(body, stored.index);
      const behind = `an older one: right for as long as it may be cached (${age ?? 0} s), wrong after that`;
      note('cdn: index is that of the storage', isSame, isSame ? 'equal' : behind);
      note(
        'cdn: index is cached for minutes at most',
        age !== undefined && age > 0 && age <= 300,
        `cache-control: ${headers.get('cache-control') ?? 'missing'}`,
      );
      const etag = headers.get('etag');
      note('cdn: strong ETag', etag !== null && !etag.startsWith('W/'), etag ?? 'missing');
      if (etag !== null) {
        const again = await ask(indexKey(scope), { 'if-none-match': etag });
        note('cdn: 304 to who knows it', again.status === 304, `status ${again.status}`);
      }
    }
    if (stored.launchSha256Hex !== undefined) {
      const part = await ask(objectKey(stored.launchSha256Hex), { range: 'bytes=0-9' });
      note(
        'cdn: ranges, so that downloads resume',
        part.status === 206 && part.body?.length === 10,
        `status ${part.status}, ${size(part.body)}`,
      );
      const map = await ask(sourceMapKey(stored.launchSha256Hex));
      note('cdn: source maps are not served', map.status !== 200, `status ${map.status}`);
      const kept = maxAge(part.headers) ?? 0;
      note('cdn: objects are kept for long', kept >= 86_400, `max-age ${kept} s`);
    }
    const absent = await ask(objectKey('0'.repeat(64)));
    note('cdn: what is not there is 404', absent.status === 404, `status ${absent.status}`);
  } catch (error) {
    const { cause, message } = error as Error;
    note('cdn: answers', false, `${message}${cause instanceof Error ? `: ${cause.message}` : ''}`);
  }
  return checks;
}

function maxAge(headers: Headers): number | undefined {
  const text = /(?:^|[\s,])max-age=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1];
  return text === undefined ? undefined : Number(text);
}
