// A Ceph cluster of one: monitor, one OSD in memory, RADOS gateway. The only S3 server here that is not ours and that means its conditions.
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];
const WAIT_MS = 60_000;

/** A running gateway. */
export interface CephGateway {
  readonly url: string;
  close(): Promise<void>;
}

/** The programs that are not installed; empty when a gateway can be started. */
export function missingForCeph(): readonly string[] {
  return PROGRAMS.filter((name) => spawnSync(name, ['--version']).error !== undefined);
}

/** Starts one; takes about 15 s. Everything is in memory and in one temporary folder. */
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
  const ceph = (program: string, ...args: string[]) =>
    run(program, ['-c', configuration, ...args], { timeout: WAIT_MS });

  const daemons: ChildProcess[] = [];
  const start = (program: string, ...args: string[]): void => {
    daemons.push(spawn(program, ['-f', '-c', configuration, ...args], { stdio: 'ignore' }));
  };
  const close = async (): Promise<void> => {
    for (const daemon of daemons.toReversed()) {
      if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
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
    await ceph('ceph', '--connect-timeout', '30', 'osd', 'new', osd, '0');
    await ceph('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', osd);
    start('ceph-osd', '-i', '0');
    const user = ['--uid=test', '--display-name=test', `--access-key=${account.accessKeyId}`];
    await ceph('radosgw-admin', 'user', 'create', ...user, `--secret-key=${account.secretAccessKey}`);
    start('radosgw', '-n', 'client.rgw');
    const url = `http://127.0.0.1:${gatewayPort}`;
    const deadlineMs = performance.now() + WAIT_MS;
    for (;;) {
      const status = await fetch(url).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200) return { close, url };
      if (performance.now() > deadlineMs) {
        const log = readFileSync(join(folder, 'client.rgw.log'), 'utf8').slice(-2000);
        throw new Error(`The gateway does not answer after ${WAIT_MS / 1000} s:\n${log}`);
      }
      await sleep(200);
    }
  } catch (error) {
    await close();
    throw error;
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
