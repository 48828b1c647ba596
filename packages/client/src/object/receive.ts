import { objectKey } from '@kivyx-ota/manifest';
import { type ClientContext, fetchKey } from '../context.ts';
import { clientError } from '../error.ts';
import { createRateCheck, refuseRedirect, type RetryOptions, withRetry } from '../http/with-retry.ts';
import type { DownloadPort, HttpHead, StopSignal } from '../ports.ts';
import type { ObjectName, Part } from './part.ts';

/** Told about every byte that arrives. */
export interface ByteCounter {
  add(bytes: number): void;
}

/** Brings `part` to its full size through the HTTP port, chunk by chunk, over as many connections as it takes. */
export async function receiveChunks(
  context: ClientContext,
  object: ObjectName,
  part: Part,
  counter: ByteCounter,
  signal: StopSignal | undefined,
): Promise<void> {
  const { files } = context.ports;
  await fetchKey(context, object.key ?? objectKey(object.sha256Hex), {
    ...retryOptions(part, signal),
    headers: part.headers,
    maxSizeBytes: object.sizeBytes,
    onChunk: async (chunk) => {
      await files.append(part.path, chunk);
      part.have += chunk.length;
      counter.add(chunk.length);
      checkSize(object, part.have);
    },
    onHead: async (head) => {
      if (head.status === 200 && part.have > 0) await files.remove(part.path);
      await part.takeHead(head);
    },
  });
}

/** The same through the platform's own downloads. */
export async function receiveIntoFile(
  context: ClientContext,
  downloads: DownloadPort,
  object: ObjectName,
  part: Part,
  counter: ByteCounter,
  signal: StopSignal | undefined,
): Promise<void> {
  const { network, ports } = context;
  const url = context.baseUrl + (object.key ?? objectKey(object.sha256Hex));

  const once = async (): Promise<HttpHead> => {
    const checkRate = createRateCheck(url, network, ports.timer);
    const offset = part.have;
    let received = 0;
    let slow: unknown;
    const grownTo = (sizeBytes: number): void => {
      // Smaller than before: the server sends the whole from the start.
      const came = sizeBytes < part.have ? sizeBytes : sizeBytes - part.have;
      part.have = sizeBytes;
      received += came;
      if (came > 0) counter.add(came);
      try {
        checkRate(received);
      } catch (error) {
        slow = error;
      }
    };
    const measure = async (): Promise<void> => grownTo((await ports.files.sizeOf(part.path)) ?? 0);
    let head: HttpHead;
    try {
      head = await downloads.toFile({
        headers: part.headers(),
        idleTimeoutMs: network.idleTimeoutMs,
        maxSizeBytes: object.sizeBytes,
        offset,
        onProgress: grownTo,
        path: part.path,
        signal: {
          get aborted() {
            return slow !== undefined || signal?.aborted === true;
          },
        },
        url,
      });
    } catch (error) {
      await measure();
      if (signal?.aborted === true) throw clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller');
      throw slow ?? error;
    }
    refuseRedirect(url, head);
    if (head.status !== 200 && head.status !== 206) return head;
    await measure();
    // Judged as it was asked for: the head is known only now.
    const size = part.have;
    part.have = offset;
    await part.takeHead(head);
    part.have = size;
    checkSize(object, size);
    return head;
  };
  await withRetry(ports, network, { ...retryOptions(part, signal), url }, context.emit, once);
}

function retryOptions(part: Part, signal: StopSignal | undefined): Omit<RetryOptions, 'url'> {
  return { accept: [200, 206], gotOn: part.gotOn, ...(signal === undefined ? {} : { signal }) };
}

function checkSize({ sha256Hex: hash, sizeBytes }: ObjectName, have: number): void {
  if (have <= sizeBytes) return;
  throw clientError('ERR_CLIENT_TOO_LARGE', `Object ${hash} is longer than the signed ${sizeBytes} bytes`);
}
