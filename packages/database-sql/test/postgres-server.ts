import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Folders in which Debian and others put the server's programs. */
export function findProgram(name: string, folders: readonly string[]): string | undefined {
  return [...folders, ...(process.env['PATH'] ?? '').split(':')]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Database servers refuse to run as root. */
export function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { gid: id('-g'), uid: id('-u') };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function temporaryFolder(name: string, owner: { uid: number; gid: number } | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), `kivyx-${name}-`));
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

export async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await closed;
}

function versionFolders(): string[] {
  const root = '/usr/lib/postgresql';
  return existsSync(root) ? readdirSync(root).map((version) => join(root, version, 'bin')) : [];
}

/** A PostgreSQL of its own in a temporary folder; undefined where there is none installed. */
export async function startPostgres(
  isReady: (port: number) => Promise<void>,
): Promise<TestServer | undefined> {
  const initdb = findProgram('initdb', versionFolders());
  const postgres = findProgram('postgres', versionFolders());
  if (initdb === undefined || postgres === undefined) return undefined;
  const user = unprivileged();
  const folder = temporaryFolder('postgres', user);
  const data = join(folder, 'data');
  execFileSync(
    initdb,
    ['-D', data, '-U', 'kivyx', '--auth=trust', '--no-sync', '--locale=C.UTF-8', '-E', 'UTF8'],
    {
      cwd: folder,
      stdio: 'pipe',
      ...user,
    },
  );
  const port = await freePort();
  const child = spawn(
    postgres,
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F', '-c', 'max_connections=300'],
    { cwd: folder, stdio: 'ignore', ...user },
  );
  const stop = async (): Promise<void> => {
    // Waits until the last client has said goodbye: one that is cut off throws where nobody catches.
    await stopChild(child, 'SIGTERM');
    rmSync(folder, { force: true, recursive: true });
  };
  await untilReady(port, isReady, child, stop);
  return { port, stop };
}

export async function untilReady(
  port: number,
  isReady: (port: number) => Promise<void>,
  child: ChildProcess,
  stop: () => Promise<void>,
): Promise<void> {
  let last: unknown;
  for (let i = 0; i < 300 && child.exitCode === null; i++) {
    try {
      await isReady(port);
      return;
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await stop();
  throw new Error(`the server did not start (exit code ${child.exitCode}): ${String(last)}`);
}
