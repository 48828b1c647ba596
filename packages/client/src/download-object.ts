import { objectKey } from '@kivyx-ota/manifest';
import { type ClientContext, fetchKey } from './context.ts';
import { clientError } from './error.ts';
import type { StopSignal } from './ports.ts';
import { refusal } from './check-for-update.ts';

/** Where a finished object lies until the release is complete; kept across restarts. */
export function objectPath(sha256Hex: string): string {
  return `objects/${sha256Hex}`;
}

function partPath(sha256Hex: string): string {
  return `tmp/${sha256Hex}.part`;
}

/** Told about every byte that arrives; `undo` takes back what did not count after all. */
export interface ByteCounter {
  add(bytes: number): void;
}

/**
 * Fetches one object into `objects/`, resuming what an earlier run left. The hash decides: a resumed file that does not add up is
 * fetched once more from the start, then refused.
 *
 * @throws ERR_CLIENT_HASH, and those of the network
 */
export async function downloadObject(
  context: ClientContext,
  object: { readonly sha256Hex: string; readonly sizeBytes: number },
  counter: ByteCounter,
  signal: StopSignal | undefined,
): Promise<void> {
  const { files } = context.ports;
  const { sha256Hex: hash, sizeBytes } = object;
  const part = partPath(hash);
  for (let fresh = false; ; fresh = true) {
    if (fresh) await files.remove(part);
    const resumed = (await files.sizeOf(part)) ?? 0;
    if (resumed > sizeBytes) {
      await files.remove(part);
      continue;
    }
    if (resumed < sizeBytes || sizeBytes === 0) await receive(context, object, part, counter, signal);
    if ((await files.sizeOf(part)) === sizeBytes && (await files.sha256File(part)) === hash) {
      await files.remove(objectPath(hash));
      await files.rename(part, objectPath(hash));
      return;
    }
    if (fresh || resumed === 0) {
      await files.remove(part);
      throw refusal(
        context,
        'object',
        clientError('ERR_CLIENT_HASH', `Object ${hash} came with other bytes than its name promises`, {
          details: { sha256Hex: hash },
        }),
      );
    }
  }
}

async function receive(
  context: ClientContext,
  { sha256Hex: hash, sizeBytes }: { readonly sha256Hex: string; readonly sizeBytes: number },
  part: string,
  counter: ByteCounter,
  signal: StopSignal | undefined,
): Promise<void> {
  const { files } = context.ports;
  let have = (await files.sizeOf(part)) ?? 0;
  if (sizeBytes === 0) {
    await files.write(part, new Uint8Array(0));
    return;
  }
  await fetchKey(context, objectKey(hash), {
    accept: [200, 206],
    headers: () => (have > 0 ? { range: `bytes=${have}-` } : {}),
    maxSizeBytes: sizeBytes,
    onChunk: async (chunk) => {
      await files.append(part, chunk);
      have += chunk.length;
      counter.add(chunk.length);
      if (have > sizeBytes)
        throw clientError(
          'ERR_CLIENT_TOO_LARGE',
          `Object ${hash} is longer than the signed ${sizeBytes} bytes`,
        );
    },
    onHead: async ({ status, headers }) => {
      if (status === 206) {
        const start = /^bytes ([0-9]+)-/.exec(headers['content-range'] ?? '')?.[1];
        if (Number(start) === have) return;
        throw clientError(
          'ERR_CLIENT_HTTP_STATUS',
          `The server sent another part of ${hash} than was asked for`,
          { details: { start } },
        );
      }
      // The whole thing, also to those who asked for the rest: the server knows no ranges.
      if (have > 0) await files.remove(part);
      have = 0;
    },
    ...(signal === undefined ? {} : { signal }),
  });
}
