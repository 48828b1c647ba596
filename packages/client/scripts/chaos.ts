// A phone's process on a real file system: killed at random, refused by every system call in turn, cut off from power.
// Usage: pnpm chaos [--kills N] [--faults] [--power-cuts N] [--seed N]
//   --faults      ENOSPC, EIO and SIGKILL at every fsync, rename, link, mkdir, unlink and write; needs strace
//   --power-cuts  a loop-mounted XFS that is shut down without flushing its log; needs root, xfsprogs and loop devices
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ChaosWorld,
  createChaosWorld,
  type KillReport,
  killAtRandom,
} from '../test/chaos/chaos-world.ts';
import { seededRandom } from '../test/chaos/seeded-random.ts';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : (process.argv[at + 1] ?? '');
};
/** Another one, other moments: a long run can be taken in parts. */
const seed = Number(option('seed') ?? 1);
const faults: string[] = [];
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}   `);
};

function print(title: string, { lives, diedBefore, startsOnEmbedded }: KillReport, started: number): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const { boot, confirmation, staging, nothing } = diedBefore;
  console.log(`${title}: ${lives} lives in ${seconds} s`);
  console.log(
    `  died before the boot had decided ${boot}, before the confirmation ${confirmation}, before an update was staged ${staging}, later or not at all ${nothing}`,
  );
  console.log(`  starts on the embedded bundle: ${startsOnEmbedded}`);
}

async function kills(world: ChaosWorld, lives: number): Promise<void> {
  const started = performance.now();
  const report = await killAtRandom(world, join(world.temporary, 'killed'), {
    lives,
    onLife: (n) => progress(`kill ${n} of ${lives}`),
    perRelease: 8,
    random: seededRandom(seed),
  });
  faults.push(...report.faults);
  print('SIGKILL at random moments', report, started);
}

/** Every call of the kinds that change a disk, one after the other, fails once. */
async function systemCalls(world: ChaosWorld): Promise<void> {
  if (spawnSync('strace', ['-V']).status !== 0) {
    console.log('system calls: SKIPPED, there is no strace here');
    return;
  }
  const template = join(world.temporary, 'template');
  // Healthy on one release, with the next one waiting.
  await world.publish();
  await world.live(template);
  const before = (await world.live(template)).running;
  const next = await world.publish();
  const table: string[] = [];
  for (const call of ['fsync', 'rename', 'link', 'mkdir', 'unlink', 'unlinkat', 'write', 'pwrite64']) {
    for (const how of ['error=ENOSPC', 'error=EIO', 'signal=KILL']) {
      let reached = 0;
      let sameRelease = 0;
      for (let n = 1; ; n++) {
        const directory = join(world.temporary, 'faulty');
        rmSync(directory, { force: true, recursive: true });
        cpSync(template, directory, { recursive: true });
        const life = await world.live(directory, { inject: `${call}:${how}:when=${n}` });
        if (!life.injected) break;
        reached++;
        progress(`${call} ${how} ${n}`);
        for (const start of [1, 2]) {
          const after = await world.live(directory);
          const fault = world.findFault(directory, after);
          if (fault !== undefined) faults.push(`${call} ${how} ${n}, start ${start}: ${fault}`);
          if (start === 1 && after.running === before) sameRelease++;
          if (after.running !== before && after.running !== next)
            faults.push(`${call} ${how} ${n}, start ${start}: runs ${after.running ?? 'nothing'}`);
          if (start === 2 && after.running !== next)
            faults.push(`${call} ${how} ${n}: the update did not arrive two starts later`);
        }
      }
      if (reached > 0)
        table.push(
          `  ${call.padEnd(9)} ${how.padEnd(13)} ${String(reached).padStart(4)} calls, next start on the old release ${sameRelease}, on the new one ${reached - sameRelease}`,
        );
    }
  }
  console.log('every system call that changes the disk, refused or killed once');
  console.log(table.join('\n'));
}

async function powerCuts(world: ChaosWorld, lives: number): Promise<void> {
  const image = join(world.temporary, 'disk.img');
  const mount = join(world.temporary, 'disk');
  const directory = join(mount, 'phone');
  const run = (command: string, ...args: string[]): void => {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  try {
    run('truncate', '-s', '320M', image);
    run('mkfs.xfs', '-q', image);
    mkdirSync(mount);
    run('mount', '-o', 'loop', image, mount);
  } catch (error) {
    console.log(`power cuts: SKIPPED, this machine cannot mount a disk of its own (${String(error).trim()})`);
    return;
  }
  const started = performance.now();
  try {
    const reports: KillReport[] = [];
    const random = seededRandom(seed + 1);
    // The disk comes back between two lives: `live` is wrapped, so that a cut is followed by a remount.
    const remounting: ChaosWorld = {
      ...world,
      live: async (path, death) => {
        const life = await world.live(path, death);
        if (life.killed) {
          run('umount', mount);
          run('mount', '-o', 'loop', image, mount);
        }
        return life;
      },
    };
    reports.push(
      await killAtRandom(remounting, directory, {
        instead: async () => run('xfs_io', '-x', '-c', 'shutdown', mount),
        lives,
        onLife: (n) => progress(`power cut ${n} of ${lives}`),
        perRelease: 8,
        random,
      }),
    );
    for (const report of reports) {
      faults.push(...report.faults);
      print('power cut at random moments (XFS)', report, started);
    }
  } finally {
    spawnSync('umount', ['-l', mount]);
  }
}

const world = await createChaosWorld();
try {
  const killed = Number(option('kills') ?? 100);
  if (killed > 0) await kills(world, killed);
  if (option('faults') !== undefined) await systemCalls(world);
  const cuts = option('power-cuts');
  if (cuts !== undefined) await powerCuts(world, Number(cuts));
} finally {
  await world.close();
}
console.log(`faults: ${faults.length}`);
for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
if (faults.length > 0) process.exitCode = 1;
