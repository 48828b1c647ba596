// What the documentation shows of the command is run again.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { quickCommandLine } from './run-kivyx.ts';
import { transcript } from './transcript.ts';

const docs = join(import.meta.dirname, '../../../docs');

/** Keys, hashes, signatures' sizes and times are new in every run. */
const masked = (text: string): string =>
  text
    .replaceAll(/[0-9]{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/\b[0-9a-f]{8,64}\b/g, '<hex>')
    .replaceAll(/[\d.,]+ k?B read/g, '<size> read')
    .replaceAll(/\s+/g, ' ')
    .trim();

it('docs/transcript.md is what a session looks like', async () => {
  expect(masked(await transcript())).toBe(masked(readFileSync(join(docs, 'transcript.md'), 'utf8')));
}, 120_000);

/** Runs the commands of a guide in an empty folder, as they stand. */
function runGuide(name: string): { readonly commands: string; readonly stdout: string } {
  const home = mkdtempSync(join(tmpdir(), 'kivyx-guide-'));
  try {
    const bin = mkdtempSync(join(home, '.bin-'));
    writeFileSync(
      join(bin, 'kivyx'),
      `#!/bin/sh\nexec ${quickCommandLine()
        .map((word) => `'${word}'`)
        .join(' ')} "$@"\n`,
    );
    chmodSync(join(bin, 'kivyx'), 0o755);
    const page = readFileSync(join(docs, 'guide', name), 'utf8');
    const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code]) => code as string);
    // Installing is npm's business, and OpenSSL's commands are OpenSSL's.
    const commands = blocks.filter((block) => !/^(npm install|openssl) /.test(block)).join('');
    const { status, stderr, stdout } = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: home,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return { commands, stdout };
  } finally {
    rmSync(home, { force: true, recursive: true });
  }
}

it('docs/guide/first-release.md leads from an empty folder to a signed release, command by command', () => {
  const { commands, stdout } = runGuide('first-release.md');
  expect(commands.match(/^kivyx /gm)?.length).toBeGreaterThan(8);
  expect(stdout).toContain('1.0.0 is published to 100 %');
  expect(stdout).toContain('1.0.1 is revoked');
  expect(stdout).toContain('No problems.');
}, 120_000);

it('docs/guide/keys.md leads from one key to an offline root, through the drill, and out of a theft', () => {
  const { stdout } = runGuide('keys.md');
  expect(stdout.match(/Published as roots\/000000000[1-4].cose/g)).toHaveLength(4);
  expect(stdout).toContain('Signed by 1 trusted keys, 2 needed');
  expect(stdout).toContain('Follows keys/release.pub.pem: devices will take it.');
  expect(stdout.match(/No problems\./g)).toHaveLength(3);
  // The thief's sequence does not count: the epoch is the new root's.
  expect(stdout).toMatch(/Index 4-\d+ with 1 releases is signed by/);
}, 240_000);
