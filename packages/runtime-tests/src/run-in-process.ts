import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BufferMode, type EngineRun, SAY_BUFFER } from './engine-run.ts';

const PRELUDE: Readonly<Record<BufferMode, string>> = {
  'with Buffer': `globalThis.Buffer ??= require('node:buffer').Buffer;\n`,
  'without Buffer': `Object.defineProperty(globalThis, 'Buffer', { configurable: true, value: undefined, writable: true });\n`,
};

/** Runs a script with Node, Bun or Deno (`program`), and gives what it printed. */
export async function runInProcess(program: string, script: string, buffer: BufferMode): Promise<EngineRun> {
  const folder = await mkdtemp(join(tmpdir(), 'kivyx-engine-'));
  try {
    const file = join(folder, 'script.cjs');
    await writeFile(
      file,
      `globalThis.print = (text) => console.log(text);\n${PRELUDE[buffer]}${SAY_BUFFER}${script}`,
    );
    const args = program.endsWith('deno') ? ['run', '--no-config', '--allow-read', file] : [file];
    return await new Promise((resolve) => {
      // An engine may want a cache or a config folder of its own; none of the developer's is touched.
      const env = { HOME: folder, NO_COLOR: '1', PATH: process.env['PATH'] };
      execFile(
        program,
        args,
        { cwd: folder, env, maxBuffer: 1 << 26, timeout: 110_000 },
        (error, stdout, stderr) => {
          const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
          resolve({ failed: error !== null, lines });
        },
      );
    });
  } finally {
    await rm(folder, { force: true, recursive: true });
  }
}
