// Terraform itself, where it is installed: an extra beside `readTerraform`, which is everywhere.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of a configuration, initialised where the AWS provider is there; without it, only `fmt` works. */
export interface Terraform {
  readonly hasProvider: boolean;
  run(...args: readonly string[]): {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
  };
  remove(): void;
}

/** Undefined where it is not installed. Says on the console what is not run. */
export function openTerraform(configuration: string): Terraform | undefined {
  const say = (why: string): undefined => {
    console.log(
      `Not run: terraform's own checks of ${configuration}. ${why}; its parser has read it all the same`,
    );
    return undefined;
  };
  if (spawnSync('terraform', ['version']).status !== 0) return say('terraform is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'kivyx-tf-'));
  cpSync(configuration, folder, { recursive: true });
  const run: Terraform['run'] = (...args) =>
    spawnSync('terraform', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  const init = run('init', '-backend=false', '-input=false');
  const hasProvider = init.status === 0;
  if (!hasProvider) say('terraform has no AWS provider here');
  return { hasProvider, remove: () => rmSync(folder, { force: true, recursive: true }), run };
}
