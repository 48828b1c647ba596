import { readFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeIntentRecord, EMPTY_INTENT } from '@kivyx-ota/lifecycle';
import { expect, it } from 'vitest';
import { killAgainAndAgain } from './kill-loop.ts';
import {
  BINARY,
  type BootProgram,
  bootOnce,
  bootProcess,
  bundlesOf,
  lineOf,
  newPhone,
  predict,
  recordsOf,
  startBooting,
} from './phone.ts';

const NOBODY = 65_534;
// CI has a step with 400 of them.
const KILLS = Number(process.env['KILLS'] ?? 60);

/** A phone that runs a healthy bundle, and one on which the next bundle stands. */
function installed(program: BootProgram, confirm: boolean): string {
  const directory = newPhone(2);
  const stage = bundlesOf(directory)[0] as string;
  const intent = { ...EMPTY_INTENT, binaryId: BINARY, requestId: 1, sequence: 1, stage, versionCode: 2 };
  writeFileSync(join(directory, 'intent.0'), encodeIntentRecord(intent));
  if (!confirm) return directory;
  const [launchId] = bootOnce(program, directory).split(' ');
  const confirmed = { ...intent, acknowledgedLaunchId: Number(launchId), sequence: 2 };
  writeFileSync(join(directory, 'intent.1'), encodeIntentRecord(confirmed));
  expect(bootOnce(program, directory)).toContain('confirmed:');
  return directory;
}

/** What a core has to do on a real file system; `program` gives the one that plays its phone. */
export function itBootsSafely(program: () => BootProgram): void {
  it(`survives ${KILLS} kills, and after each does what the TypeScript implementation says`, async () => {
    const phones = 4;
    const reports = await Promise.all(
      Array.from({ length: phones }, (_, i) =>
        killAgainAndAgain(program(), Math.ceil(KILLS / phones), i + 1),
      ),
    );
    const sum = (of: (report: (typeof reports)[number]) => number): number =>
      reports.reduce((total, report) => total + of(report), 0);
    const launched = new Set(reports.flatMap((report) => [...report.launched]));
    console.log(
      `${sum(({ kills }) => kills)} kills, ${sum(({ boots }) => boots)} boots, ${sum(({ hitWrites }) => hitWrites)} kills in the middle of a write, ${launched.size} different launches`,
    );
    // On a slow machine a process is killed in its first boot, each time.
    expect(sum(({ boots }) => boots)).toBeGreaterThanOrEqual(KILLS);
    // All of them, where there are enough kills to meet the rarest.
    expect(launched.size).toBeGreaterThanOrEqual(KILLS < 400 ? 3 : 6);
  }, 120_000);

  it('writes: file, fsync, rename, fsync of the folder, and only then says what to launch', () => {
    const directory = installed(program(), false);
    const { stderr, status } = bootProcess(program(), directory, {
      prefix: ['strace', '-f', '-y', '-s', '8', '-e', 'trace=fsync,rename,renameat,renameat2,write,pwrite64'],
    });
    expect(status).toBe(0);
    const steps = stderr
      .split('\n')
      .flatMap((line) => {
        if (/write\w*\(\d+<[^>]*boot\.\d\.new>/.test(line)) return ['write beside'];
        if (/fsync\(\d+<[^>]*boot\.\d\.new>\) += 0/.test(line)) return ['fsync of the file'];
        if (/rename\w*\(.*boot\.\d\.new".*\) += 0/.test(line)) return ['rename'];
        if (line.includes(`<${directory}>`) && /fsync\(\d+<[^>]*>\) += 0/.test(line))
          return ['fsync of the folder'];
        return /write\(1</.test(line) ? ['say'] : [];
      })
      .filter((step, i, all) => step !== all[i - 1]);
    expect(steps).toEqual(['write beside', 'fsync of the file', 'rename', 'fsync of the folder', 'say']);
  });

  it('a full disk: the healthy bundle runs without a launch id, nothing changes', () => {
    const directory = installed(program(), true);
    const before = recordsOf(directory);
    const prefix = ['bash', '-c', `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`];
    const [healthy] = bundlesOf(directory);
    expect(bootOnce(program(), directory, { prefix })).toMatch(
      new RegExp(`^0 ${healthy} 2 0 0 .*write-failed:,$`),
    );
    for (const [name, content] of Object.entries(before)) expect(recordsOf(directory)[name]).toBe(content);
    // Space again: as if nothing had been.
    const predicted = lineOf(predict(directory));
    expect(bootOnce(program(), directory)).toBe(predicted);
  });

  it('a full disk: a bundle on probation is not launched', () => {
    const directory = installed(program(), false);
    const prefix = ['bash', '-c', `trap '' XFSZ; ulimit -f 0; exec "$0" "$@"`];
    expect(bootOnce(program(), directory, { prefix })).toMatch(/^0 embedded 0 0 0 staged:.*,write-failed:,$/);
    expect(bootOnce(program(), directory)).toContain('staged:');
  });

  it('a record that is there and cannot be read: embedded, nothing changes', () => {
    const directory = installed(program(), true);
    rmSync(join(directory, 'boot.1'));
    mkdirSync(join(directory, 'boot.1'));
    const before = recordsOf(directory);
    expect(bootOnce(program(), directory)).toBe('0 embedded 0 0 0 locked:,');
    expect(recordsOf(directory)).toEqual(before);
  });

  it.runIf(process.getuid?.() === 0)('as a user who may not write, or not read', () => {
    const directory = installed(program(), true);
    for (const name of Object.keys(recordsOf(directory))) chmodSync(join(directory, name), 0o644);
    const before = recordsOf(directory);
    const readOnly = { user: NOBODY };
    expect(bootOnce(program(), directory, readOnly)).toMatch(/^0 [0-9a-f]{64} 2 0 0 .*write-failed:,$/);
    chmodSync(join(directory, 'boot.1'), 0o000);
    expect(bootOnce(program(), directory, readOnly)).toBe('0 embedded 0 0 0 locked:,');
    chmodSync(directory, 0o700);
    expect(bootOnce(program(), directory, readOnly)).toMatch(/^0 embedded 0 0 0 locked:,$/);
    chmodSync(directory, 0o755);
    expect(recordsOf(directory)).toEqual(before);
  });

  it('while another process runs: embedded, nothing changes; when that is dead, as before', async () => {
    const directory = installed(program(), true);
    const holder = startBooting(program(), directory, 'hold');
    await new Promise<void>((resolve) => void holder.stdout?.once('data', () => resolve()));
    const before = recordsOf(directory);
    expect(bootOnce(program(), directory)).toBe('0 embedded 0 0 0 other-process:,');
    expect(recordsOf(directory)).toEqual(before);
    const dead = new Promise<void>((resolve) => void holder.once('close', () => resolve()));
    holder.kill('SIGKILL');
    await dead;
    expect(bootOnce(program(), directory)).toMatch(/^\d+ [0-9a-f]{64} 2 0 \d+ ended-unknown:/);
  });

  it('damaged and missing launch files are never launched', () => {
    const directory = installed(program(), true);
    const file = join(directory, 'bundles', bundlesOf(directory)[0] as string, 'launch.bundle');
    const content = readFileSync(file);
    content[100] = (content[100] as number) ^ 1;
    writeFileSync(file, content);
    const predicted = lineOf(predict(directory));
    expect(predicted).toContain('bundle-damaged:');
    expect(bootOnce(program(), directory)).toBe(predicted);
  });

  it('a folder that is not there yet is made', () => {
    const directory = join(newPhone(0), 'a', 'b');
    expect(bootOnce(program(), directory)).toBe('1 embedded 0 0 0');
    expect(bootOnce(program(), directory)).toBe('2 embedded 0 0 0');
  });
}
