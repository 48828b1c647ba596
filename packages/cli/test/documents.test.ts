// What the documentation shows of the command is run again.
import { serveFolder } from '@kivyx-ota/storage-fs/serve';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { kivyxShim } from './kivyx-shim.ts';
import type { Run } from './run-kivyx.ts';
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

/** Runs the commands of a page in an empty folder, as they stand. Its bucket is served as `OTA_URL`. */
async function runGuide(page: string): Promise<{ readonly commands: string; readonly stdout: string }> {
  const home = mkdtempSync(join(tmpdir(), 'kivyx-guide-'));
  const shim = await kivyxShim(home);
  const { close, url } = await serveFolder({ directory: join(home, 'bucket') });
  try {
    const text = readFileSync(join(docs, page), 'utf8');
    const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, code]) => code as string);
    // Installing is npm's business, and OpenSSL's commands are OpenSSL's.
    const commands = blocks.filter((block) => !/^(npm install|openssl) /.test(block)).join('');
    const env = {
      ...process.env,
      OTA_URL: url,
      PATH: `${shim.folder}${delimiter}${process.env['PATH'] ?? ''}`,
    };
    const { code, stderr, stdout } = await new Promise<Run>((resolve) => {
      // Without its start-up file, which it reads where its input is a socket.
      execFile(
        'bash',
        ['--norc', '-euo', 'pipefail', '-c', commands],
        { cwd: home, env },
        (error, out, err) =>
          resolve({ code: error === null ? 0 : Number(error.code), stderr: err, stdout: out }),
      );
    });
    expect([stderr, code]).toEqual(['', 0]);
    return { commands, stdout };
  } finally {
    await close();
    await shim.close();
    rmSync(home, { force: true, recursive: true });
  }
}

it('docs/guide/first-release.md leads from an empty folder to a signed release, command by command', async () => {
  const { commands, stdout } = await runGuide('guide/first-release.md');
  expect(commands.match(/^kivyx /gm)?.length).toBeGreaterThan(8);
  expect(stdout).toContain('1.0.0 is published to 100 %');
  expect(stdout).toContain('1.0.1 is revoked');
  expect(stdout).toContain('No problems.');
}, 120_000);

it('docs/guide/keys.md leads from one key to an offline root, through the drill, and out of a theft', async () => {
  const { stdout } = await runGuide('guide/keys.md');
  expect(stdout.match(/Published as roots\/000000000[1-4].cose/g)).toHaveLength(4);
  expect(stdout).toContain('Signed by 1 trusted keys, 2 needed');
  expect(stdout).toContain('Follows keys/release.pub.pem: devices will take it.');
  expect(stdout.match(/No problems\./g)).toHaveLength(3);
  // The thief's sequence does not count: the epoch is the new root's.
  expect(stdout).toMatch(/Index 4-\d+ with 1 releases is signed by/);
}, 240_000);

it('docs/runbook.md: every command of every chapter, as one story', async () => {
  const { commands, stdout } = await runGuide('runbook.md');
  expect(commands.match(/^kivyx /gm)?.length).toBeGreaterThan(35);
  // A chapter ends well when verify, at its end, has nothing to say.
  expect(stdout.match(/^No problems\.$/gm)?.length).toBe(commands.match(/^kivyx (?:verify|log)/gm)?.length);
  expect(stdout).toMatch(/Go back to 1\.0\.0/);
  expect(stdout).toMatch(/^Index 5-\d+ with/m);
  expect(stdout).toMatch(/^ok +cdn: 304/m);
  expect(stdout).toMatch(/^1\.0\.2: paused[^]*^1\.0\.2 is offered again\n1\.0\.2: goes on\n/m);
  expect(stdout).not.toMatch(/^BAD/m);
}, 300_000);
