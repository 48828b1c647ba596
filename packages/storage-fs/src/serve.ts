import { createStaticHandler } from '@kivyx-ota/storage/http';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fsStorage } from './fs-storage.ts';

/** Options of {@link serveFolder}. */
export interface ServeFolderOptions {
  readonly directory: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Called after each answer. */
  readonly onRequest?: (line: {
    readonly method: string;
    readonly path: string;
    readonly status: number;
    readonly bytes: number;
  }) => void;
}

/** A running server. */
export interface FolderServer {
  /** `http://host:port/`, with the slash. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a folder of {@link fsStorage} over HTTP with ETags, ranges and the stored headers: a local CDN for development and
 * demos. Plain HTTP, no TLS.
 */
export async function serveFolder({
  directory,
  port = 0,
  host = '127.0.0.1',
  onRequest,
}: ServeFolderOptions): Promise<FolderServer> {
  const handle = createStaticHandler(fsStorage({ directory }));
  const server = createServer((incoming, outgoing) => {
    const answered = answer(handle, incoming, outgoing);
    void answered.then(({ status, bytes }) =>
      onRequest?.({ bytes, method: incoming.method ?? '', path: incoming.url ?? '', status }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`,
  };
}

async function answer(
  handle: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<{ readonly status: number; readonly bytes: number }> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  // Only the path matters; a hostile Host header or an absolute request target must not.
  const path = (incoming.url ?? '/').replace(/^[a-z]+:\/\/[^/]*/i, '');
  let response: Response;
  try {
    response = await handle(
      new Request(new URL(path.startsWith('/') ? path.replace(/^\/+/, '/') : '/', 'http://local'), {
        headers,
        method: incoming.method ?? 'GET',
      }),
    );
  } catch {
    response = new Response(null, { status: 400 });
  }
  outgoing.statusCode = response.status;
  response.headers.forEach((value, name) => outgoing.setHeader(name, value));
  const body = new Uint8Array(await response.arrayBuffer());
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
  return { bytes: body.length, status: response.status };
}
