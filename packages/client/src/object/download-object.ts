import { refusal } from '../check-for-update.ts';
import type { ClientContext } from '../context.ts';
import { clientError } from '../error.ts';
import type { StopSignal } from '../ports.ts';
import { type ObjectName, openPart, partPath, removePart } from './part.ts';
import { type ByteCounter, receiveChunks, receiveIntoFile } from './receive.ts';

/** Where a finished object lies until the release is complete; kept across restarts. */
export function objectPath(sha256Hex: string): string {
  return `objects/${sha256Hex}`;
}

/**
 * Fetches one object into `objects/`, resuming what an earlier run left. The hash decides: a resumed file that does not add up is
 * fetched once more from the start, then refused.
 *
 * @throws ERR_CLIENT_HASH, and those of the network
 */
export async function downloadObject(
  context: ClientContext,
  object: ObjectName,
  counter: ByteCounter,
  signal: StopSignal | undefined,
): Promise<void> {
  const { files, downloads } = context.ports;
  const { sha256Hex: hash, sizeBytes } = object;
  const path = partPath(hash);
  for (let fresh = false; ; fresh = true) {
    if (fresh) await removePart(files, hash);
    const part = await openPart(files, object);
    const resumed = part.have;
    if (resumed > sizeBytes) continue;
    if (sizeBytes === 0) await files.write(path, new Uint8Array(0));
    else if (resumed < sizeBytes) {
      if (downloads === undefined) await receiveChunks(context, object, part, counter, signal);
      else await receiveIntoFile(context, downloads, object, part, counter, signal);
    }
    if ((await files.sizeOf(path)) === sizeBytes && (await files.sha256File(path)) === hash) {
      await files.remove(objectPath(hash));
      await files.rename(path, objectPath(hash));
      await removePart(files, hash);
      return;
    }
    if (fresh || resumed === 0) {
      await removePart(files, hash);
      throw refusal(
        context,
        object.what ?? 'object',
        clientError('ERR_CLIENT_HASH', `Object ${hash} came with other bytes than its name promises`, {
          details: { sha256Hex: hash },
        }),
      );
    }
  }
}
