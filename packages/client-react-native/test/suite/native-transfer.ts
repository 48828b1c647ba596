// What the libraries' native sides do, on Node: a GET whose body goes into a file as it comes.
import { createWriteStream, type WriteStream } from 'node:fs';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';

export interface NativeTransfer {
  readonly done: Promise<{
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly size: number;
  }>;
  cancel(): void;
}

export interface NativeTransferOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly followRedirects: boolean;
  /** Which answers get a file. */
  readonly writes: (status: number) => boolean;
  readonly onHead?: (status: number, headers: Record<string, string>) => void;
  readonly onProgress?: (written: number) => void;
}

/** Progress is told at most this often, as the libraries do. */
const PROGRESS_EVERY_MS = 60;

export function nativeTransfer(options: NativeTransferOptions): NativeTransfer {
  let request: ClientRequest | undefined;
  let isCancelled = false;
  const open = (url: string, headers: Readonly<Record<string, string>>): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request = get(url, { headers: { ...headers } }, resolve);
      request.on('error', reject);
    });
  const run = async (): Promise<Awaited<NativeTransfer['done']>> => {
    let response = await open(options.url, options.headers);
    const { location } = response.headers;
    if (options.followRedirects && location !== undefined) {
      response.resume();
      response = await open(new URL(location, options.url).href, {});
    }
    const status = response.statusCode ?? 0;
    // As servers write them, not in lower case.
    const headers: Record<string, string> = {};
    for (let i = 0; i < response.rawHeaders.length; i += 2)
      headers[response.rawHeaders[i] as string] = response.rawHeaders[i + 1] as string;
    options.onHead?.(status, headers);
    let written = 0;
    let toldMs = 0;
    const file: WriteStream | undefined = options.writes(status)
      ? createWriteStream(options.path)
      : undefined;
    try {
      for await (const chunk of response) {
        if (isCancelled) throw new Error('cancelled');
        if (file === undefined) continue;
        await new Promise<void>((resolve, reject) => {
          file.write(chunk, (error) => (error === null || error === undefined ? resolve() : reject(error)));
        });
        written += (chunk as Uint8Array).length;
        if (Date.now() - toldMs > PROGRESS_EVERY_MS) {
          toldMs = Date.now();
          options.onProgress?.(written);
        }
      }
      if (!response.complete) throw new Error('unexpected end of stream');
    } finally {
      if (file !== undefined)
        await new Promise<void>((resolve) => {
          file.end(() => resolve());
        });
    }
    return { headers, size: written, status };
  };
  return {
    cancel: () => {
      isCancelled = true;
      request?.destroy(new Error('Socket closed'));
    },
    done: run(),
  };
}
