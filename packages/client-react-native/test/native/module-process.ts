import type { NativeModule } from '@kivyx-ota/client-react-native/core';
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A native module in a process of its own: see ModuleProgram.java for what is said over the pipe. */
export interface ModuleProcess {
  /** Methods that wait for nobody in React Native (`getConstants`, `randomBytes`) have to be called by `call` here. */
  readonly native: NativeModule;
  /** Calls any method of the program. */
  call(method: string, ...args: readonly unknown[]): Promise<unknown>;
  /** What it said before the first call. */
  readonly greeting: Promise<string>;
  end(): void;
}

export function startModule(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ModuleProcess {
  const child: ChildProcess = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Set<(event: { id: number; sizeBytes: number }) => void>();
  let calls = 0;
  let greet: (line: string) => void;
  const greeting = new Promise<string>((resolve) => {
    greet = resolve;
  });
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    const [first = '', ...words] = line.split(' ');
    if (first === 'event') {
      for (const listener of listeners) listener({ id: Number(words[0]), sizeBytes: Number(words[1]) });
      return;
    }
    const call = waiting.get(Number(first));
    if (call === undefined) greet(line);
    else if (words[0] === 'ok') call.resolve(decode(words[1] ?? ''));
    else call.reject(Object.assign(new Error(decodeURIComponent(words[2] ?? '')), { code: words[1] }));
    waiting.delete(Number(first));
  });
  let ended: Error | undefined;
  child.on('exit', (code, signal) => {
    ended = new Error(`The module's process ended with ${code ?? signal}`);
    for (const { reject } of waiting.values()) reject(ended);
  });
  // Of a process that is gone: the calls above say it.
  child.stdin?.on('error', () => undefined);
  const call = (method: string, ...values: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) throw ended;
      const id = ++calls;
      waiting.set(id, { reject, resolve });
      child.stdin?.write(`${[id, method, ...values.map(encode)].join(' ')}\n`);
    });
  const native = new Proxy({} as NativeModule, {
    get: (_target, name) => {
      if (name === 'getConstants') return () => ({ embeddedVersionCode: 1 });
      if (name !== 'onDownload') return (...values: readonly unknown[]) => call(String(name), ...values);
      return (listener: (event: { id: number; sizeBytes: number }) => void) => {
        listeners.add(listener);
        return { remove: () => listeners.delete(listener) };
      };
    },
  });
  return { call, end: () => child.kill(), greeting, native };
}

function encode(value: unknown): string {
  return Array.isArray(value)
    ? value.map((one) => encodeURIComponent(String(one))).join(',')
    : encodeURIComponent(String(value));
}

function decode(word: string): unknown {
  const text = word.slice(1);
  switch (word[0]) {
    case 's':
      return decodeURIComponent(text);
    case 'd':
      return Number(text);
    case 'b':
      return text === 'true';
    case 'a':
      return text.split(',').slice(0, -1).map(decodeURIComponent);
    default:
      return null;
  }
}
