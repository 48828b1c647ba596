import { storageError } from '@kivyx-ota/storage';
import { randomUUID } from 'node:crypto';
import { open, readFile, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

interface Owner {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

const WAIT_MS = 30_000;
/** A lock of another host, whose processes cannot be asked, counts as left behind after this long. */
const FOREIGN_STALE_MS = 60_000;
/** The steal lock guards three system calls; one that is this old belongs to a process that died inside them. */
const STEAL_STALE_MS = 5_000;

/**
 * Runs `work` while holding the lock file `path`, shared by every process that uses the folder. A lock whose process is
 * dead is taken over: under a second lock, so that two takers cannot remove each other's fresh one.
 *
 * @throws ERR_STORAGE_UNAVAILABLE when a living process holds it for 30 s
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const owner: Owner = { host: hostname(), pid: process.pid, token: randomUUID() };
  const deadline = performance.now() + WAIT_MS;
  for (let attempt = 0; !(await tryCreate(path, JSON.stringify(owner))); attempt++) {
    if (performance.now() > deadline) {
      throw storageError(
        'ERR_STORAGE_UNAVAILABLE',
        'fs',
        `Another process has held the lock ${path} for ${WAIT_MS / 1000} s`,
      );
    }
    await removeIfLeftBehind(path);
    await sleep(Math.random() * Math.min(50, 2 + attempt));
  }
  try {
    return await work();
  } finally {
    await unlink(path).catch(() => undefined);
  }
}

async function tryCreate(path: string, content: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    await handle.writeFile(content);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfLeftBehind(path: string): Promise<void> {
  const seen = await readOwner(path);
  if (seen === undefined || (await isAlive(path, seen))) return;
  const steal = `${path}.steal`;
  if (!(await tryCreate(steal, ''))) {
    const age = await ageMs(steal);
    if (age !== undefined && age > STEAL_STALE_MS) await unlink(steal).catch(() => undefined);
    return;
  }
  try {
    const now = await readOwner(path);
    if (now?.token === seen.token) await unlink(path).catch(() => undefined);
  } finally {
    await unlink(steal).catch(() => undefined);
  }
}

async function isAlive(path: string, owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return ((await ageMs(path)) ?? 0) < FOREIGN_STALE_MS;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A lock that was created but not yet written (or torn by a crash) has no owner to ask: judged by age alone. */
async function readOwner(path: string): Promise<Owner | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return { host: '', pid: 0, token: text };
  }
}

async function ageMs(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? undefined : Date.now() - found.mtimeMs;
}
