import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const FOLDER: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'osx-bin',
  linux: 'linux64-bin',
  win32: 'win64-bin',
};

/** The Hermes VM from npm, or undefined where it has no build for this machine. */
export async function findHermes(): Promise<string | undefined> {
  const folder = FOLDER[process.platform];
  if (folder === undefined) return undefined;
  const bin = join(dirname(createRequire(import.meta.url).resolve('hermes-engine-cli/package.json')), folder);
  const path = join(bin, process.platform === 'win32' ? 'hermes.exe' : 'hermes');
  await chmod(path, 0o755).catch(() => undefined);
  return (await run(path, ['--version'])).failed ? undefined : path;
}

/** Runs a script in the Hermes VM and gives what it printed. */
export async function runInHermes(
  hermes: string,
  script: string,
): Promise<{ readonly lines: readonly string[]; readonly failed: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'kivyx-hermes-'));
  try {
    const file = join(folder, 'script.js');
    await writeFile(file, script);
    const { stdout, stderr, failed } = await run(hermes, ['-w', '-O', file]);
    return { failed, lines: `${stdout}${stderr}`.split('\n').filter((line) => line !== '') };
  } finally {
    await rm(folder, { force: true, recursive: true });
  }
}

function run(
  command: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string; readonly failed: boolean }> {
  return new Promise((resolve) => {
    execFile(command, args, { maxBuffer: 1 << 26, timeout: 280_000 }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, stderr, stdout }),
    );
  });
}
