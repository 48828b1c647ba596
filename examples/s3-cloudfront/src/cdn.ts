// CloudFront in little: it signs its requests to the bucket (so does S3 with OAC), keeps what Cache-Control allows, and answers conditions and
// ranges itself. Like CloudFront it knows nothing of `.br` objects beside a key.
import type { ObjectStorage, StoredObject } from '@kivyx-ota/storage';
import { createStaticHandler } from '@kivyx-ota/storage/http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Options of {@link startCdn}. */
export interface CdnOptions {
  readonly origin: ObjectStorage;
  /** Default the system's. */
  readonly nowMs?: () => number;
}

/** A running one. */
export interface Cdn {
  /** With the slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine. */
export async function startCdn({ nowMs = Date.now, origin }: CdnOptions): Promise<Cdn> {
  const kept = new Map<string, { readonly object: StoredObject; readonly untilMs: number }>();
  const server = createServer((incoming, outgoing) => {
    let fromOrigin = false;
    const fetchObject = async (key: string): Promise<StoredObject | undefined> => {
      const found = kept.get(key);
      if (found !== undefined && nowMs() < found.untilMs) return found.object;
      fromOrigin = true;
      const object = await origin.get(key);
      const seconds = Number(/(?:^|[ ,])max-age=(\d+)/.exec(object?.cacheControl ?? '')?.[1] ?? 0);
      kept.delete(key);
      if (object !== undefined && seconds > 0) kept.set(key, { object, untilMs: nowMs() + seconds * 1000 });
      return object;
    };
    const handle = createStaticHandler({
      ...origin,
      get: async (key, { range } = {}) => {
        const object = await fetchObject(key);
        if (object === undefined || range === undefined) return object;
        return { ...object, body: object.body.subarray(range.startByte, range.endByte + 1) };
      },
      head: fetchObject,
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      if (typeof value === 'string' && name !== 'accept-encoding') headers.set(name, value);
    }
    void (async () => {
      const url = new URL(incoming.url ?? '/', 'http://cdn');
      const response = await handle(new Request(url, { headers, method: incoming.method ?? 'GET' }));
      response.headers.forEach((value, name) => outgoing.setHeader(name, value));
      outgoing.setHeader('x-cache', `${fromOrigin ? 'Miss' : 'Hit'} from cdn`);
      outgoing.statusCode = response.status;
      outgoing.end(new Uint8Array(await response.arrayBuffer()));
    })().catch(() => {
      outgoing.statusCode = 400;
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
}
