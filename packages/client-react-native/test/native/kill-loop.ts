import { safeParseBootRecord } from '@kivyx-ota/lifecycle';
import { createRandom } from '@kivyx-ota/lifecycle/simulation';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BootProgram, bundlesOf, lineOf, newPhone, predict, startBooting } from './phone.ts';

/** What a phone went through. */
export interface KillReport {
  readonly kills: number;
  readonly boots: number;
  /** Kills that left a new file beside the records: they hit a write, between its beginning and its rename. */
  readonly hitWrites: number;
  readonly launched: ReadonlySet<string>;
}

const YEARS_10_SECONDS = 10 * 365 * 86_400;

/**
 * Kills a booting phone again and again, with SIGKILL at any time, and looks at every boot that follows: it has to do exactly what the
 * TypeScript implementation says of the files it finds. Throws at the first that does not.
 */
export async function killAgainAndAgain(
  program: BootProgram,
  kills: number,
  seed: number,
): Promise<KillReport> {
  const directory = newPhone();
  const bundles = new Set(['embedded', ...bundlesOf(directory)]);
  const random = createRandom(seed);
  const launched = new Set<string>();
  let boots = 0;
  let hitWrites = 0;
  let lastSequence = 0;
  let beside = new Set<string>();
  for (let kill = 0; kill < kills; kill++) {
    // The file system's clock says anything at all.
    for (const name of readdirSync(directory)) {
      const time = Date.now() / 1000 + (random.below(3) - 1) * YEARS_10_SECONDS;
      if (statSync(join(directory, name)).isFile()) utimesSync(join(directory, name), time, time);
    }
    const predicted = lineOf(predict(directory));
    const child = startBooting(program, directory, String(seed * 10_000 + kill));
    const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const first = new Promise<void>((resolve) => {
      reader.on('line', (line) => {
        lines.push(line.trimEnd());
        resolve();
      });
    });
    await Promise.race([first, ended]);
    if (!random.once(4)) await sleep(random.below(12));
    child.kill('SIGKILL');
    await ended;
    const expectThat = (holds: boolean, what: string): void => {
      if (!holds) throw new Error(`kill ${kill} of seed ${seed}: ${what}\n${lines.join('\n')}`);
    };
    expectThat(lines[0] === predicted, `the boot after it should have been ${predicted}`);
    for (const line of lines.filter((one) => one.split(' ').length >= 5)) {
      const [sequence = '', what = ''] = line.split(' ');
      expectThat(Number(sequence) > lastSequence, `sequence ${sequence} after ${lastSequence}`);
      expectThat(bundles.has(what), `${what} was never installed`);
      expectThat(!/host-error|both-slots-corrupt|write-failed|locked/.test(line), 'it was not safe');
      lastSequence = Number(sequence);
      launched.add(what);
      boots++;
    }
    for (const name of ['boot.0', 'boot.1']) {
      const path = join(directory, name);
      if (!existsSync(path)) continue;
      const { kind } = safeParseBootRecord(new Uint8Array(readFileSync(path)));
      expectThat(kind === 'record', `${name} is ${kind}`);
    }
    const before = beside;
    beside = besideOf(directory);
    // One that an earlier kill left, and that nobody wrote again, tells nothing of this one.
    if (Array.from(beside).some((file) => !before.has(file))) hitWrites++;
  }
  return { boots, hitWrites, kills, launched };
}

/** Unfinished files, by name and inode. */
function besideOf(directory: string): Set<string> {
  const names = readdirSync(directory).filter((name) => name.endsWith('.new'));
  return new Set(names.map((name) => `${name} ${statSync(join(directory, name)).ino}`));
}
