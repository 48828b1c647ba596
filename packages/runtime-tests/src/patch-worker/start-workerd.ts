import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const require = createRequire(import.meta.url);
/** Its program. */
const workerd = (require('workerd') as { readonly default: string }).default;

/** What {@link startWorkerd} runs. */
export interface WorkerdOptions {
  /** An ES module whose default export answers requests. */
  readonly script: string;
  /** WebAssembly by the name that the script imports it by. */
  readonly wasm: Readonly<Record<string, Uint8Array>>;
  /** What V8 is told that its heap may have. Without a limit it lets garbage lie that it would collect in production. */
  readonly maxHeapMegabytes: number;
}

/** A Worker in a process of its own. */
export interface RunningWorkerd {
  /** Where it answers, on the loopback. */
  readonly url: string;
  /** Most resident memory since the start above what the process had before its first request; undefined where /proc does not say. */
  peakBytes(): number | undefined;
  stop(): Promise<void>;
}

/** Starts workerd itself rather than Miniflare, which does not pass on flags of V8. */
export async function startWorkerd({
  maxHeapMegabytes,
  script,
  wasm,
}: WorkerdOptions): Promise<RunningWorkerd> {
  const folder = mkdtempSync(join(tmpdir(), 'kivyx-workerd-'));
  writeFileSync(join(folder, 'worker.mjs'), script);
  const modules = Object.entries(wasm).map(([name, bytes], i) => {
    writeFileSync(join(folder, `${i}.wasm`), bytes);
    return `(name = ${JSON.stringify(name)}, wasm = embed "${i}.wasm")`;
  });
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  v8Flags = ["--max-heap-size=${maxHeapMegabytes}"],
);
const main :Workerd.Worker = (
  modules = [${['(name = "worker", esModule = embed "worker.mjs")', ...modules].join()}],
  compatibilityDate = "2026-01-01",
);
`,
  );
  const child = spawn(workerd, ['serve', 'config.capnp', '--control-fd=3'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const said = text(child.stderr as NodeJS.ReadableStream);
  const port = await new Promise<number>((resolve, reject) => {
    let control = '';
    child.stdio[3]?.on('data', (piece: Buffer) => {
      control += piece.toString();
      const [, number] = /"port":(\d+)/.exec(control) ?? [];
      if (number !== undefined) resolve(Number(number));
    });
    void ended.then(async () => reject(new Error(`workerd ended: ${await said}`)));
  });
  const memory = (line: string): number | undefined => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(new RegExp(`${line}:\\s*(\\d+)`).exec(status)?.[1]) * 1024;
    } catch {
      return undefined;
    }
  };
  const before = memory('VmRSS');
  return {
    peakBytes: () => {
      const peak = memory('VmHWM');
      return peak === undefined || before === undefined ? undefined : peak - before;
    },
    stop: async () => {
      child.kill();
      await ended;
      rmSync(folder, { force: true, recursive: true });
    },
    url: `http://127.0.0.1:${port}`,
  };
}
