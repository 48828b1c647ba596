import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { httpScript, type ScriptAnswer } from './http-script.ts';

/** A running server of {@link httpScript}. */
export interface ScriptServer {
  /** Without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves {@link httpScript} on a free port of this machine, by Node. */
export async function serveHttpScript(): Promise<ScriptServer> {
  const server = createServer((request, response) => {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers))
      if (typeof value === 'string') headers[name] = value;
    const path = (request.url ?? '/').split('?')[0] as string;
    // A client that goes away is part of the cases.
    send(response, httpScript({ headers, path })).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
}

async function send(response: ServerResponse, answer: ScriptAnswer): Promise<void> {
  const waitsFirst = (answer.parts[0]?.waitMs ?? 0) > 1000;
  const head = (): void => {
    response.writeHead(answer.status, answer.headers);
    response.flushHeaders();
  };
  if (!waitsFirst) head();
  for (const { bytes, waitMs = 0 } of answer.parts) {
    if (waitMs > 0) await sleep(waitMs);
    if (response.destroyed) return;
    if (!response.headersSent) head();
    if (!response.write(bytes)) {
      await new Promise<void>((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
  }
  if (answer.endWaitMs !== undefined) await sleep(answer.endWaitMs);
  if (answer.end === 'cut') response.destroy();
  else response.end();
}
