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
}

/** Every port of the client on Node. */
export function nodePorts({ directory, boot, embedded }: NodePortsOptions): ClientPorts {
  return {
    boot: { read: () => boot.snapshot(), restart: () => Promise.resolve() },
    clock: { nowMs: () => Date.now() },
    embedded,
    files: nodeFiles(directory),
    http: nodeHttp(),
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    records: nodeRecords(directory),
    timer: {
      monotonicMs: () => performance.now(),
      sleep: async (ms) => {
        await sleep(ms);
      },
    },
  };
}
