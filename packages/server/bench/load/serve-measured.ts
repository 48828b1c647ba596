// The inside of a measured process: serves on a free port, and says over IPC what it has used.
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createAdaptorServer } from '@hono/node-server';

/** What a measured process has used since it started. */
export interface Usage {
  readonly cpuMicroseconds: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** How late timers were since the last question: what a request waits for at least before it is looked at. */
  readonly loopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** Serves `fetch` until the parent lets go. `port` is told first; each message is answered with the usage, `"gc"` after a collection. */
export function serveMeasured(fetch: (request: Request) => Response | Promise<Response>): void {
  const server = createAdaptorServer({ fetch });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  process.on('message', (message) => {
    if (message === 'gc') globalThis.gc?.();
    const { system, user } = process.cpuUsage();
    const { heapUsed, rss } = process.memoryUsage();
    const loopDelayMs = {
      max: delay.max / 1e6,
      p50: delay.percentile(50) / 1e6,
      p99: delay.percentile(99) / 1e6,
    };
    delay.reset();
    process.send?.({
      cpuMicroseconds: system + user,
      heapBytes: heapUsed,
      loopDelayMs,
      rssBytes: rss,
    } satisfies Usage);
  });
  process.on('disconnect', () => process.exit());
}
