import { spawnSync } from 'node:child_process';
import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** True when every tool is there. Where one is missing the reason is printed; in CI that is a failure. */
export function hasTools(tools: Readonly<Record<string, readonly string[]>>): boolean {
  const missing = Object.entries(tools).filter(
    ([tool, args]) => spawnSync(tool, args, { stdio: 'ignore' }).status !== 0,
  );
  if (missing.length === 0) return true;
  const names = missing.map(([tool, args]) => [tool, ...args].join(' ')).join(', ');
  if (process.env['CI'] !== undefined) throw new Error(`In CI nothing is skipped, and this fails: ${names}`);
  console.warn(`skipped: this fails here: ${names}`);
  return false;
}

/** Runs a tool and throws with everything it said when it fails. */
export function runTool(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${command} failed (${status})\n${error ?? ''}${stdout}${stderr}`);
  return stdout;
}

const folders: string[] = [];

/** A folder that every user may enter: some tests run as somebody who may not write. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kivyx-native-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { force: true, recursive: true });
}
