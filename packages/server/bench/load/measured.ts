// The outside of a measured process: starts it on a core of its own, loads it from this one, and reads what that cost.
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { build } from 'esbuild';
import type { Usage } from './serve-measured.ts';

export interface Measured {
  readonly url: string;
  usage(collectFirst?: boolean): Promise<Usage>;
  stop(): void;
}

/** Linux with `taskset` and two cores: the generator has one, what is measured the other. */
export const isPinned: boolean =
  cpus().length > 1 && spawnSync('taskset', ['-cp', '1', String(process.pid)]).status === 0;

/** `script` as JavaScript like that which users install: the loader of TypeScript names functions whenever they are made, at 3 µs a request. */
async function built(script: string): Promise<string> {
  const outfile = fileURLToPath(
    new URL(script.replace(/^\.\/(.*)\.ts$/, '../../.cache/bench/$1.mjs'), import.meta.url),
  );
  await build({
    bundle: true,
    conditions: ['@kivyx-ota/source'],
    entryPoints: [fileURLToPath(new URL(script, import.meta.url))],
    external: ['@hono/node-server', '@hot-updater/*', 'kysely', 'libsql'],
    format: 'esm',
    logLevel: 'error',
    outfile,
    platform: 'node',
    target: 'es2022',
  });
  return outfile;
}

export async function startMeasured(
  script: string,
  args: readonly (string | number)[] = [],
): Promise<Measured> {
  const child: ChildProcess = fork(await built(script), args.map(String), {
    execArgv: ['--expose-gc'],
  });
  if (isPinned) spawnSync('taskset', ['-acp', '0', String(child.pid)]);
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended (${code}) before it served`);
  });
  const [{ port }] = (await Promise.race([once(child, 'message'), failed])) as [{ port: number }];
  failed.catch(() => undefined);
  return {
    stop: () => child.disconnect(),
    url: `http://127.0.0.1:${port}`,
    usage: async (collectFirst = false) => {
      child.send(collectFirst ? 'gc' : 'usage');
      const [usage] = (await once(child, 'message')) as [Usage];
      return usage;
    },
  };
}

/** Latencies of one URL while something else may be going on: asked by a process of its own, fifty times a second. */
export async function probe(
  url: string,
  seconds: number,
): Promise<{ readonly requests: number; readonly p50: number; readonly p99: number; readonly max: number }> {
  const child = fork(fileURLToPath(new URL('./probe.ts', import.meta.url)), [url, String(seconds)], {
    execArgv: ['--import', 'tsx'],
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the probe ended (${code})`);
  });
  const [latencies] = (await Promise.race([once(child, 'message'), failed])) as [number[]];
  failed.catch(() => undefined);
  const sorted = latencies.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * (sorted.length - 1))] as number;
  return { max: at(1), p50: at(0.5), p99: at(0.99), requests: sorted.length };
}

/** One kind of request; `next` makes each of them, for what may not repeat. */
export interface Kind {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly next?: () => {
    path?: string;
    body?: string;
    headers?: Record<string, string>;
    method?: 'GET' | 'POST';
  };
}

export interface Load {
  readonly connections: number;
  /** As many requests, or as long. */
  readonly amount?: number;
  readonly seconds?: number;
  /** Requests per second in all; as many as go when absent. */
  readonly rate?: number;
}

/** What came back. */
export interface Outcome {
  readonly requests: number;
  readonly perSecond: number;
  readonly cpuMicrosecondsPerRequest: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: number;
  readonly loopDelayMs: Usage['loopDelayMs'];
  /** Of the 429 and 503. */
  readonly withRetryAfter: number;
}

export async function load(
  target: Measured,
  kinds: readonly Kind[],
  { amount, seconds, connections, rate }: Load,
): Promise<Outcome> {
  const before = await target.usage();
  const statuses: Record<string, number> = {};
  let withRetryAfter = 0;
  const result = await autocannon({
    connections: rate === undefined ? connections : Math.min(connections, Math.max(1, Math.floor(rate))),
    ...(amount === undefined ? { duration: seconds ?? 10 } : { amount }),
    requests: kinds.map(({ headers, next, path }) => ({
      ...(headers === undefined ? {} : { headers: { ...headers } }),
      ...(path === undefined ? {} : { path }),
      ...(next === undefined ? {} : { setupRequest: (request: object) => Object.assign(request, next()) }),
    })),
    setupClient: (client) => {
      // Its types say something else.
      client.on('headers', (head) => {
        const { headers, statusCode } = head as unknown as { headers: string[]; statusCode: number };
        statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
        if (statusCode === 429 || statusCode === 503)
          withRetryAfter += headers.some((one) => one.toLowerCase() === 'retry-after') ? 1 : 0;
      });
    },
    timeout: 30,
    url: target.url,
    ...(rate === undefined ? {} : { overallRate: rate }),
  } as autocannon.Options);
  const after = await target.usage();
  const requests = Object.values(statuses).reduce((sum, one) => sum + one, 0);
  return {
    cpuMicrosecondsPerRequest: (after.cpuMicroseconds - before.cpuMicroseconds) / requests,
    errors: result.errors + result.timeouts,
    loopDelayMs: after.loopDelayMs,
    latencyMs: { p50: result.latency.p50, p99: result.latency.p99 },
    perSecond: requests / result.duration,
    requests,
    statuses,
    withRetryAfter,
  };
}
