import {
  clientError,
  type DownloadPort,
  type FilesPort,
  type HttpHead,
  type TimerPort,
} from '@kivyx-ota/client';
import { createTransferWatch } from './transfer-watch.ts';

/** A transfer of a library, into a file of its own. */
export interface LibraryTransfer {
  readonly done: Promise<HttpHead>;
  stop(): void;
}

/** What a library is asked for. */
export interface LibraryRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the files port; there is an empty file. */
  readonly path: string;
  readonly idleTimeoutMs: number;
  /** As soon as the library tells, or never. */
  readonly onHead: (head: HttpHead) => void;
  /** Bytes of this transfer so far. */
  readonly onReceived: (sizeBytes: number) => void;
}

/** Options of {@link besideDownloads}. */
export interface BesideDownloadsOptions {
  readonly files: FilesPort;
  readonly timer: TimerPort;
  readonly start: (request: LibraryRequest) => LibraryTransfer;
}

/**
 * A {@link DownloadPort} over a library that can only fill a file from its start: every transfer lands beside the file it is for, and
 * its status says what becomes of it.
 */
export function besideDownloads({ files, timer, start }: BesideDownloadsOptions): DownloadPort {
  return {
    toFile: async ({ path, offset, headers, onProgress, ...limits }) => {
      const rest = `${path}.rest`;
      // An existing file is writable whatever a library makes of the folder.
      await files.write(rest, new Uint8Array(0));
      let head: HttpHead | undefined;
      let isWhole = false;
      let transfer: LibraryTransfer | undefined;
      const watch = createTransferWatch(timer, limits, () => transfer?.stop());
      try {
        transfer = start({
          headers,
          idleTimeoutMs: limits.idleTimeoutMs,
          onHead: (told) => {
            head = told;
          },
          onReceived: (sizeBytes) => {
            watch.received(sizeBytes);
            if (head?.status === 206) onProgress?.(offset + sizeBytes);
            else if (head?.status === 200) onProgress?.(sizeBytes);
          },
          path: rest,
          url: limits.url,
        });
        head = await watch.guard(transfer.done);
        isWhole = true;
      } finally {
        await settle(files, { isWhole, offset, path, rest, status: head?.status });
      }
      if (head.status !== 200 && head.status !== 206) return head;
      const size = (await files.sizeOf(path)) ?? 0;
      // Libraries tell of progress now and then; a short transfer may be over before they do.
      if (size > limits.maxSizeBytes) {
        await files.remove(path);
        throw clientError(
          'ERR_CLIENT_TOO_LARGE',
          `${limits.url} sends more than ${limits.maxSizeBytes} bytes`,
        );
      }
      onProgress?.(size);
      return head;
    },
  };
}

interface Rest {
  readonly path: string;
  readonly rest: string;
  readonly offset: number;
  /** `undefined` when the library never told: then nobody knows what came. */
  readonly status: number | undefined;
  /** False: the library may still be writing. */
  readonly isWhole: boolean;
}

async function settle(files: FilesPort, { path, rest, offset, status, isWhole }: Rest): Promise<void> {
  try {
    const came = (await files.sizeOf(rest)) ?? 0;
    if (status === 200 && isWhole) {
      await files.remove(path);
      await files.rename(rest, path);
    } else if (status === 200) {
      if (came > 0) await files.write(path, (await files.read(rest)) as Uint8Array);
    } else if (status === 206) {
      const have = (await files.sizeOf(path)) ?? 0;
      if (have < offset) throw clientError('ERR_CLIENT_STORAGE', `${path} lost bytes while it grew`);
      if (have > offset) await files.write(path, ((await files.read(path)) as Uint8Array).slice(0, offset));
      if (came > 0) await files.append(path, (await files.read(rest)) as Uint8Array);
    }
  } finally {
    await files.remove(rest);
  }
}

/** A head with names in lower case, one value each. */
export function toHead(status: unknown, headers: Readonly<Record<string, unknown>> | undefined): HttpHead {
  const lower: Record<string, string> = {};
  for (const name of Object.keys(headers ?? {})) {
    const value = headers?.[name];
    if (typeof value === 'string') lower[name.toLowerCase()] = value;
  }
  return { headers: lower, status: Number(status) };
}
