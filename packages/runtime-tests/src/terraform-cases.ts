// What is checked of every Terraform configuration: that its names are there, everywhere; and what terraform itself says, where it is installed.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTerraform } from './read-terraform.ts';

/** Rejects with what is wrong. */
export interface TerraformCase {
  readonly title: string;
  run(): Promise<void>;
}

/** The cases of a folder with `.tf` files, and tests in `tests/`. Says on the console what is not run. */
export function terraformCases(configuration: string): readonly TerraformCase[] {
  const cases: TerraformCase[] = [
    {
      run: async () => {
        const { declared, referred } = await readTerraform(configuration);
        expectThat(referred.size > 15, `only ${referred.size} names are referred to`);
        const missing = Array.from(referred).filter((name) => !declared.has(name));
        expectThat(missing.length === 0, `not declared: ${missing.join(', ')}`);
      },
      title: 'refers to nothing that is not there',
    },
  ];
  const say = (why: string): void =>
    console.log(
      `Not run: terraform's own checks of ${configuration}. ${why}; its parser has read it all the same`,
    );
  if (terraform(configuration, 'version').status !== 0) {
    say('terraform is not installed');
    return cases;
  }
  cases.push({
    run: async () => mustPass(terraform(configuration, 'fmt', '-check', '-recursive')),
    title: 'is formatted (terraform fmt)',
  });
  const copy = mkdtempSync(join(tmpdir(), 'kivyx-tf-'));
  cpSync(configuration, copy, { recursive: true });
  if (terraform(copy, 'init', '-backend=false', '-input=false').status !== 0) {
    rmSync(copy, { force: true, recursive: true });
    say('terraform has no AWS provider here');
    return cases;
  }
  cases.push({
    run: async () => {
      try {
        mustPass(terraform(copy, 'validate'));
        mustPass(terraform(copy, 'test'), `${countTests(join(copy, 'tests'))} passed, 0 failed`);
      } finally {
        rmSync(copy, { force: true, recursive: true });
      }
    },
    title: 'is valid, and its own tests pass (terraform validate, terraform test)',
  });
  return cases;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function terraform(folder: string, ...args: readonly string[]): Ended {
  return spawnSync('terraform', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
}

function mustPass({ status, stderr, stdout }: Ended, words = ''): void {
  expectThat(status === 0 && stdout.includes(words), `${stdout}\n${stderr}`);
}

function countTests(folder: string): number {
  const files = readdirSync(folder).filter((name) => name.endsWith('.tftest.hcl'));
  return files.flatMap((name) => readFileSync(join(folder, name), 'utf8').match(/^run "/gm) ?? []).length;
}

function expectThat(isSo: boolean, message: string): void {
  if (!isSo) throw new Error(message);
}
