import { type ConformanceCase, storageCases } from '@kivyx-ota/conformance';
import { prefixed } from '@kivyx-ota/storage';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { fork } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let root: string;
let count = 0;
const fresh = (): string => join(root, String(count++));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kivyx-fs-'));
});
afterAll(async () => {
  await rm(root, { force: true, recursive: true });
});

describe('fs', () => {
  it.each(storageCases({ create: () => fsStorage({ directory: fresh() }) }))(
    '$title',
    async ({ run }: ConformanceCase) => run(),
  );
});

describe('a folder is an honest storage', () => {
  it('objects are plain files under their keys, and nothing unfinished stays', async () => {
    const directory = fresh();
    const storage = fsStorage({ directory });
    await storage.put('objects/abc', bytes('hello'));
    await storage.put('objects/abc', bytes('refused'), { ifAbsent: true });
    expect(await readFile(join(directory, 'objects/abc'), 'utf8')).toBe('hello');
    expect(await readdir(join(directory, '.kivyx/tmp'))).toEqual([]);
    expect(await readdir(join(directory, '.kivyx/locks'))).toEqual([]);
  });

  it('a file changed by hand has another etag', async () => {
    const directory = fresh();
    const storage = fsStorage({ directory });
    const put = await storage.put('a', bytes('hello'), { contentType: 'text/plain' });
    await writeFile(join(directory, 'a'), 'hellO');
    const found = await storage.head('a');
    expect(found?.etag).not.toBe((put as { etag: string }).etag);
    expect(found?.contentType).toBe('application/octet-stream');
  });

  it('a link out of the folder is not followed, nor is a linked folder', async () => {
    const directory = fresh();
    await mkdir(join(directory, 'objects'), { recursive: true });
    await writeFile(join(root, 'secret'), 'secret');
    await symlink(join(root, 'secret'), join(directory, 'objects/link'));
    await symlink(root, join(directory, 'out'));
    const storage = fsStorage({ directory });
    expect(await storage.get('objects/link')).toBeUndefined();
    expect(await storage.get('out/secret')).toBeUndefined();
  });

  it('its own folder is out of reach, and a key cannot be object and folder at once', async () => {
    const storage = fsStorage({ directory: fresh() });
    await expect(storage.get('.kivyx/locks/x')).rejects.toMatchObject({ code: 'ERR_STORAGE_KEY' });
    await storage.put('a', bytes('1'));
    await expect(storage.put('a/b', bytes('2'))).rejects.toMatchObject({ code: 'ERR_STORAGE_UNSUPPORTED' });
  });

  it('a lock left behind by a killed process is taken over', async () => {
    const directory = fresh();
    const storage = fsStorage({ directory });
    const first = await storage.put('index', bytes('0'));
    const child = fork(new URL('./fixtures/hold-lock.mjs', import.meta.url), [directory], {
      execArgv: ['--conditions=@kivyx-ota/source', '--import', 'tsx'],
    });
    await new Promise((resolve) => child.once('message', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await readdir(join(directory, '.kivyx/locks'))).toHaveLength(1);
    expect(
      await storage.put('index', bytes('1'), { ifMatch: (first as { etag: string }).etag }),
    ).toMatchObject({ written: true });
    expect(await readdir(join(directory, '.kivyx/locks'))).toEqual([]);
  }, 60_000);

  it('eight processes that count in one object lose nothing', async () => {
    const directory = fresh();
    await fsStorage({ directory }).put('counter', bytes('0'));
    const children = Array.from({ length: 8 }, () =>
      fork(new URL('./fixtures/count.mjs', import.meta.url), [directory, '10'], {
        execArgv: ['--conditions=@kivyx-ota/source', '--import', 'tsx'],
      }),
    );
    const codes = await Promise.all(
      children.map((child) => new Promise((resolve) => child.once('exit', resolve))),
    );
    expect(codes).toEqual(Array.from({ length: 8 }, () => 0));
    expect(new TextDecoder().decode((await fsStorage({ directory }).get('counter'))?.body)).toBe('80');
  }, 120_000);

  it('prefixes nest', async () => {
    const storage = prefixed(fsStorage({ directory: fresh() }), 'team/a');
    await storage.put('x', bytes('1'));
    expect((await storage.list('')).objects.map(({ key }) => key)).toEqual(['x']);
  });
});
