import { indexKey, objectKey, type ChannelScope } from '@kivyx-ota/manifest';
import { equalBytes } from '@kivyx-ota/core';
import { sourceMapKey } from '@kivyx-ota/publisher';

/** One thing that was looked at. */
export interface DeliveryCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

const TIMEOUT_MS = 10_000;

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
  const ask = (key: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(new URL(key, baseUrl), { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });

  const { hostname, protocol } = new URL(baseUrl);
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  note('cdn: https', protocol === 'https:' || isLoopback, `${protocol}//${hostname}`);
  try {
    const answer = await ask(indexKey(scope));
    const body = new Uint8Array(await answer.arrayBuffer());
    const age = maxAge(answer.headers);
    note('cdn: index', answer.status === 200, `status ${answer.status}, ${body.length} bytes`);
    if (answer.status === 200) {
      const isSame = equalBytes(body, stored.index);
      const behind = `an older one: right for as long as it may be cached (${age ?? 0} s), wrong after that`;
      note('cdn: index is that of the storage', isSame, isSame ? 'equal' : behind);
      note(
        'cdn: index is cached for minutes at most',
        age !== undefined && age > 0 && age <= 300,
        `cache-control: ${answer.headers.get('cache-control') ?? 'missing'}`,
      );
      const etag = answer.headers.get('etag');
      note('cdn: strong ETag', etag !== null && !etag.startsWith('W/'), etag ?? 'missing');
      if (etag !== null) {
        const again = await ask(indexKey(scope), { 'if-none-match': etag });
        await again.arrayBuffer();
        note('cdn: 304 to who knows it', again.status === 304, `status ${again.status}`);
      }
    }
    if (stored.launchSha256Hex !== undefined) {
      const part = await ask(objectKey(stored.launchSha256Hex), { range: 'bytes=0-9' });
      const length = (await part.arrayBuffer()).byteLength;
      note(
        'cdn: ranges, so that downloads resume',
        part.status === 206 && length === 10,
        `status ${part.status}, ${length} bytes`,
      );
      const map = await ask(sourceMapKey(stored.launchSha256Hex));
      await map.arrayBuffer();
      note('cdn: source maps are not served', map.status !== 200, `status ${map.status}`);
      const kept = maxAge(part.headers) ?? 0;
      note('cdn: objects are kept for long', kept >= 86_400, `max-age ${kept} s`);
    }
    const absent = await ask(objectKey('0'.repeat(64)));
    await absent.arrayBuffer();
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
