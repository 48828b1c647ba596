// What the documentation shows of the command is run again.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { commandLine } from './run-kivyx.ts';
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

it('docs/guide/first-release.md leads from an empty folder to a signed release, command by command', () => {
  const home = mkdtempSync(join(tmpdir(), 'kivyx-guide-'));
  try {
    const bin = mkdtempSync(join(home, '.bin-'));
    writeFileSync(
      join(bin, 'kivyx'),
      `#!/bin/sh\nexec ${commandLine.map((word) => `'${word}'`).join(' ')} "$@"\n`,
    );
    chmodSync(join(bin, 'kivyx'), 0o755);
    const page = readFileSync(join(docs, 'guide/first-release.md'), 'utf8');
    const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code]) => code as string);
    // The install line is npm's business.
    const commands = blocks.filter((block) => !block.startsWith('npm install')).join('');
    expect(commands.match(/^kivyx /gm)?.length).toBeGreaterThan(8);
    const { status, stderr, stdout } = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: home,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toContain('1.0.0 is published to 100 %');
    expect(stdout).toContain('1.0.1 is revoked');
    expect(stdout).toContain('No problems.');
  } finally {
    rmSync(home, { force: true, recursive: true });
  }
}, 120_000);
