import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { OtaHandler } from '@kivyx-ota/server';
import express from 'express';
import { Hono } from 'hono';
import { handle as toLambda } from 'hono/aws-lambda';
import { Miniflare } from 'miniflare';
import { ask, type RecordedAnswer, toAnswer } from './ask.ts';
import type { RecordedRequest } from './recorded-requests.ts';

/** A control plane somewhere. */
export interface Mounted {
  ask(request: RecordedRequest): Promise<RecordedAnswer>;
  stop(): Promise<void>;
}

async function listen(server: Server, path = ''): Promise<Mounted> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  return {
    ask: (request) => ask(url, request),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** No mount at all: what the others are compared with. */
export function mountDirectly(handle: OtaHandler): Mounted {
  return {
    ask: async ({ method, path, headers = {}, body }) => {
      const response = await handle(
        new Request(`http://127.0.0.1${path}`, { headers, method, ...(body === undefined ? {} : { body }) }),
      );
      return toAnswer(response.status, response.headers, new Uint8Array(await response.arrayBuffer()));
    },
    stop: async () => undefined,
  };
}

/** `node:http` by Hono's adapter. */
export function mountInNode(handle: OtaHandler): Promise<Mounted> {
  return listen(createServer(getRequestListener((request) => handle(request))));
}

/** Below a path of an Express app that has other routes. */
export function mountInExpress(handle: OtaHandler): Promise<Mounted> {
  const app = express();
  app.get('/', (_request, response) => void response.send('mine'));
  app.use('/ota', (request, response) => {
    void getRequestListener((asked) => handle(asked), { overrideGlobalObjects: false })(request, response);
  });
  return listen(createServer(app), '/ota');
}

/** By events of API Gateway, payload format 2.0: the path is decoded there, text bodies are text, binary answers base64. */
export function mountInLambda(handle: OtaHandler): Mounted {
  const app = new Hono();
  app.all('*', (c) => handle(c.req.raw));
  const lambda = toLambda(app);
  return {
    ask: async ({ method, path, headers = {}, body }) => {
      const [rawPath = '', rawQueryString = ''] = path.split('?');
      const result = (await lambda({
        ...(body === undefined ? {} : { body }),
        headers: { host: 'api.example', ...headers },
        isBase64Encoded: false,
        rawPath,
        rawQueryString,
        requestContext: {
          domainName: 'api.example',
          http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'suite' },
          stage: '$default',
        },
        routeKey: '$default',
        version: '2.0',
      } as never)) as {
        statusCode: number;
        headers?: Record<string, string>;
        body: string;
        isBase64Encoded: boolean;
      };
      const bytes = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8');
      return toAnswer(result.statusCode, Object.entries(result.headers ?? {}), bytes);
    },
    stop: async () => undefined,
  };
}

/** A module whose global `createRecordedServer` is there when it ends. */
type Script = string;

/** In workerd, as a worker of its own. */
export async function mountInWorkerd(script: Script): Promise<Mounted> {
  const worker = new Miniflare({
    compatibilityDate: '2026-01-01',
    modules: true,
    script: `${script}
      let server;
      export default { fetch: async (request) => (await (server ??= createRecordedServer())).handle(request) };`,
  });
  const url = await worker.ready;
  return { ask: (request) => ask(url.href, request), stop: () => worker.dispose() };
}

const SERVE = {
  bun: `const server = Bun.serve({ fetch: (request) => handle(request), hostname: '127.0.0.1', port: 0 });
    console.log('port ' + server.port);`,
  deno: `Deno.serve({ hostname: '127.0.0.1', onListen: ({ port }) => console.log('port ' + port), port: 0 }, (request) => handle(request));`,
};

/** In Bun or Deno by their own servers, as a process that ends with its input. */
export async function mountInProcess(
  runtime: 'bun' | 'deno',
  program: string,
  script: Script,
): Promise<Mounted> {
  const folder = await mkdtemp(join(tmpdir(), 'kivyx-mount-'));
  const file = join(folder, 'server.mjs');
  await writeFile(file, `${script}\nconst { handle } = await createRecordedServer();\n${SERVE[runtime]}\n`);
  const args = runtime === 'deno' ? ['run', '--no-config', '--allow-net=127.0.0.1', file] : [file];
  // A cache or a config folder of its own; none of the developer's is touched.
  const child = spawn(program, args, {
    cwd: folder,
    env: { HOME: folder, NO_COLOR: '1', PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    let said = '';
    const onData = (chunk: Buffer): void => {
      said += chunk.toString();
      const match = /port (\d+)\n/.exec(said);
      if (match !== null) resolve(match[1] as string);
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    void ended.then(() => reject(new Error(`${runtime} ended: ${said}`)));
  });
  return {
    ask: (request) => ask(`http://127.0.0.1:${port}`, request),
    stop: async () => {
      child.kill();
      await ended;
      await rm(folder, { force: true, recursive: true });
    },
  };
}
