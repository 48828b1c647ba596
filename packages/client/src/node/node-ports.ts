import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientPorts, EmbeddedPort } from '../ports.ts';
import type { NodeBootHost } from './boot-host.ts';
import { nodeFiles } from './files.ts';
import { nodeHttp } from './http.ts';
import { nodeRecords } from './records.ts';

/** Options of {@link nodePorts}. */
export interface NodePortsOptions {
  /** Private to this installation. */
  readonly directory: string;
  readonly boot: NodeBootHost;
  readonly embedded: EmbeddedPort;
  /** Starts the program anew. Default: nothing happens; a staged release runs whenever the program is started next. */
  readonly restart?: () => Promise<void>;
}

/** Every port of the client on Node. */
export function nodePorts({ directory, boot, embedded, restart }: NodePortsOptions): ClientPorts {
  return {
    boot: {
      markTimeout: (launchId) => boot.mark('timeout', launchId),
      read: () => boot.snapshot(),
      restart: async () => {
        const { launchId } = await boot.snapshot();
        // A wanted restart is no evidence against the bundle. (Beside a timeout marker it counts for nothing.)
        if (launchId !== undefined) await boot.mark('bg', launchId);
        await restart?.();
      },
    },
    clock: { nowMs: () => Date.now() },
    embedded,
    files: nodeFiles(directory),
    http: nodeHttp(),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    records: nodeRecords(directory),
    timer: {
      monotonicMs: () => performance.now(),
      sleep: async (ms, { unref = false } = {}) => {
        await sleep(ms, undefined, { ref: !unref });
      },
    },
  };
}
