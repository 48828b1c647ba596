import { execFileSync, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  findProgram,
  freePort,
  stopChild,
  temporaryFolder,
  type TestServer,
  unprivileged,
  untilReady,
} from './postgres-server.ts';

/** A MariaDB of its own in a temporary folder; undefined where there is none installed. */
export async function startMariadb(
  isReady: (port: number) => Promise<void>,
): Promise<TestServer | undefined> {
  const install = findProgram('mariadb-install-db', []);
  const server = findProgram('mariadbd', ['/usr/sbin']);
  if (install === undefined || server === undefined) return undefined;
  const user = unprivileged();
  const folder = temporaryFolder('mariadb', user);
  const data = join(folder, 'data');
  execFileSync(
    install,
    ['--no-defaults', `--datadir=${data}`, '--skip-test-db', '--auth-root-authentication-method=normal'],
    { cwd: folder, stdio: 'pipe', ...user },
  );
  const port = await freePort();
  const child = spawn(
    server,
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--skip-name-resolve',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-flush-method=nosync',
      '--innodb-doublewrite=0',
      '--innodb-file-per-table=0',
      '--innodb-buffer-pool-size=32M',
    ],
    { cwd: folder, stdio: 'ignore', ...user },
  );
  const stop = async (): Promise<void> => {
    await stopChild(child, 'SIGTERM');
    rmSync(folder, { force: true, recursive: true });
  };
  await untilReady(port, isReady, child, stop);
  return { port, stop };
}
