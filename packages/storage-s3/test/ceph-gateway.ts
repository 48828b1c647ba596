// A Ceph cluster of one: monitor, one OSD in memory, RADOS gateway. The only S3 server here that is not ours and that means its conditions.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];
/** One command; a monitor or OSD that is not there yet makes it hang, not fail. */
const COMMAND_MS = 60_000;
/** All of it: 15 s on an idle machine, and much longer beside a whole test suite. A hook that calls this needs as long. */
export const CEPH_START_MS = 300_000;

/** A running gateway. */
export interface CephGateway {
  readonly url: string;
  close(): Promise<void>;
}

/** The programs that are not installed; empty when a gateway can be started. */
export function missingForCeph(): readonly string[] {
  return PROGRAMS.filter((name) => spawnSync(name, ['--version']).error !== undefined);
}

/** Starts one, within `CEPH_START_MS`. Everything is in memory and in one temporary folder. */
export async function startCephGateway(account: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}): Promise<CephGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'kivyx-ceph-'));
  const [monitorPort, gatewayPort] = [await freePort(), await freePort()];
  const [cluster, osd] = [randomUUID(), randomUUID()];
  const configuration = join(folder, 'ceph.conf');
  for (const name of ['mon', 'osd']) mkdirSync(join(folder, name));
  writeFileSync(configuration, configurationOf(folder, cluster, monitorPort, gatewayPort));
  const deadlineMs = performance.now() + CEPH_START_MS - 10_000;
  const ceph = (program: string, ...args: string[]) =>
    run(program, ['-c', configuration, ...args], { killSignal: 'SIGKILL', timeout: COMMAND_MS });

  const daemons: ChildProcess[] = [];
  const start = (program: string, ...args: string[]): ChildProcess => {
    const daemon = spawn(program, ['-f', '-c', configuration, ...args], { stdio: 'ignore' });
    daemons.push(daemon);
    return daemon;
  };
  const close = async (): Promise<void> => {
    for (const daemon of daemons.toReversed()) {
      if (isGone(daemon)) continue;
      const gone = new Promise((resolve) => daemon.once('exit', resolve));
      // Nothing in it is to be kept.
      daemon.kill('SIGKILL');
      await gone;
    }
    rmSync(folder, { force: true, recursive: true });
  };

  try {
    const map = join(folder, 'monmap');
    await run('monmaptool', [
      '--create',
      '--fsid',
      cluster,
      '--addv',
      'a',
      `[v1:127.0.0.1:${monitorPort}]`,
      map,
    ]);
    await ceph('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
    start('ceph-mon', '-i', 'a');
    const monitor = (...args: string[]) => ceph('ceph', '--connect-timeout', '20', ...args);
    // Asked again it gives the same answer: number and identity are ours.
    await until(deadlineMs, 'The monitor does not take the OSD', async () => {
      await monitor('osd', 'new', osd, '0');
      return true;
    });
    await ceph('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd);
    let disk = start('ceph-osd', '-i', '0');
    await until(deadlineMs, 'The OSD is not up', async () => {
      // One start in three ends with "wrong fsid": it asks the monitor before the monitor has told it which cluster this is.
      if (isGone(disk)) disk = start('ceph-osd', '-i', '0');
      const { stdout } = await monitor('osd', 'stat', '--format', 'json');
      return (JSON.parse(stdout) as { num_up_osds: number }).num_up_osds === 1;
    });
    // The first one creates pools, which is what takes its time; the one that was cut off may have made the user.
    const user = ['--uid=test', '--display-name=test', `--access-key=${account.accessKeyId}`];
    await until(deadlineMs, 'The user is not created', async () => {
      await ceph('radosgw-admin', 'user', 'create', ...user, `--secret-key=${account.secretAccessKey}`).catch(
        async (error) => {
          await ceph('radosgw-admin', 'user', 'info', '--uid=test').catch(() => {
            throw error;
          });
        },
      );
      return true;
    });
    start('radosgw', '-n', 'client.rgw');
    const url = `http://127.0.0.1:${gatewayPort}`;
    await until(deadlineMs, 'The gateway does not answer', async () => {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
      return answer.status === 200;
    });
    return { close, url };
  } catch (error) {
    const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
    const ends = logs.map((name) => `${name}: ${readFileSync(join(folder, name), 'utf8').slice(-2000)}`);
    await close();
    throw new Error([(error as Error).message, ...ends].join('\n'), { cause: error });
  }
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Tries until it is so; a try that fails is one more reason to wait, and the last one is told. */
async function until(deadlineMs: number, complaint: string, isSo: () => Promise<boolean>): Promise<void> {
  for (;;) {
    let cause: unknown;
    try {
      if (await isSo()) return;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadlineMs) throw new Error(`${complaint}: ${String(cause)}`, { cause });
    await sleep(500);
  }
}

function configurationOf(folder: string, cluster: string, monitorPort: number, gatewayPort: number): string {
  return `[global]
fsid = ${cluster}
mon host = v1:127.0.0.1:${monitorPort}
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 1073741824
mon allow pool size one = true
run dir = ${folder}
log file = ${folder}/$name.log
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
mon data = ${folder}/mon
osd data = ${folder}/osd
keyring = ${folder}/keyring
rgw frontends = beast endpoint=127.0.0.1:${gatewayPort}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
