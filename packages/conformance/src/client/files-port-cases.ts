import { concatBytes } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import type { ConformanceCase } from '../case.ts';
import { expectBytes, expectThat } from '../expect.ts';
import { ascii, sampleBytes } from './samples.ts';
import type { FilesUnderTest } from './under-test.ts';

/** Options of {@link filesPortCases}. */
export interface FilesPortCasesOptions {
  /** A port over an empty folder; called once per case. */
  readonly create: () => Promise<FilesUnderTest> | FilesUnderTest;
}

/** Names that releases have and that a URL, a shell or a careless join would change. */
const AWKWARD_NAMES = [
  'a b.png',
  'logo@2x.png',
  '100%.png',
  'a%20b.png',
  'c#1.json',
  'd?x=1.json',
  'e+f&g.ttf',
  'ä-é-漢.png',
  '.hidden',
];
const OUTSIDE = ['', '.', '..', '/a', '../a', 'a/../b', 'a/../../b', './a', 'a//b', 'a/'];

/** One case per clause of the client's `FilesPort` (more where a clause says several things). */
export function filesPortCases({ create }: FilesPortCasesOptions): readonly ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  const add = (
    clause: number,
    name: string,
    title: string,
    check: (files: FilesUnderTest) => Promise<void>,
  ): void => {
    cases.push({
      clause,
      id: `files/${clause}-${name}`,
      run: async () => check(await create()),
      title: `clause ${clause}: ${title}`,
    });
  };

  add(1, 'absent', 'what is not there is undefined, and no error', async (files) => {
    for (const path of ['never', 'never/there', 'tmp/x.part']) {
      expectThat((await files.read(path)) === undefined, `read(${path}) gave something`);
      expectThat((await files.sizeOf(path)) === undefined, `sizeOf(${path}) gave something`);
      expectThat((await files.sha256File(path)) === undefined, `sha256File(${path}) gave something`);
      expectThat((await files.list(path)).length === 0, `list(${path}) gave names`);
    }
  });
  add(2, 'bytes', 'write, then read gives exactly the bytes', async (files) => {
    for (const size of [1, 255, 300_001]) {
      const bytes = sampleBytes(size);
      await files.write(`a/b/${size}`, bytes);
      expectBytes(await files.read(`a/b/${size}`), bytes, `a file of ${size} bytes`);
    }
  });
  add(2, 'empty', 'an empty file is a file', async (files) => {
    await files.write('a/empty', new Uint8Array(0));
    expectBytes(await files.read('a/empty'), new Uint8Array(0), 'an empty file');
    expectThat((await files.sizeOf('a/empty')) === 0, 'an empty file has no size');
  });
  add(2, 'replace', 'write replaces the whole file', async (files) => {
    await files.write('a', sampleBytes(5000));
    await files.write('a', ascii('short'));
    expectBytes(await files.read('a'), ascii('short'), 'a short file over a long one');
  });
  add(3, 'append', 'append adds to the end, in order, and makes the file', async (files) => {
    const bytes = sampleBytes(200_000);
    for (let at = 0; at < bytes.length; at += 65_536)
      await files.append('tmp/x.part', bytes.slice(at, at + 65_536));
    expectBytes(await files.read('tmp/x.part'), bytes, 'four appends');
    await files.write('tmp/y.part', ascii('12'));
    await files.append('tmp/y.part', ascii('3'));
    expectBytes(await files.read('tmp/y.part'), ascii('123'), 'an append after a write');
  });
  add(4, 'size', 'sizeOf counts bytes', async (files) => {
    await files.write('a', sampleBytes(70_000));
    expectThat((await files.sizeOf('a')) === 70_000, 'sizeOf after a write');
    await files.append('a', ascii('x'));
    expectThat((await files.sizeOf('a')) === 70_001, 'sizeOf after an append');
  });
  add(5, 'sha256', 'sha256File is the SHA-256 of the bytes, in lower-case hex', async (files) => {
    const parts = [sampleBytes(600_000), sampleBytes(500_001, 7)];
    for (const part of parts) await files.append('big', part);
    await files.write('empty', new Uint8Array(0));
    expectThat(
      (await files.sha256File('big')) === sha256Hex(concatBytes(...parts)),
      'another hash for 1.1 MB',
    );
    expectThat(
      (await files.sha256File('empty')) ===
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'another hash for no bytes',
    );
  });
  add(6, 'link', 'a linked file has the bytes, and outlives the name it came from', async (files) => {
    const bytes = sampleBytes(3000);
    await files.write('objects/o', bytes);
    await files.link('objects/o', 'tmp/r/assets/img/o.png');
    expectBytes(await files.read('tmp/r/assets/img/o.png'), bytes, 'the link');
    await files.remove('objects/o');
    expectBytes(await files.read('tmp/r/assets/img/o.png'), bytes, 'the link after the first name is gone');
  });
  add(6, 'link-apart', 'writing one name leaves the other as it was', async (files) => {
    await files.write('objects/o', ascii('old'));
    await files.link('objects/o', 'bundles/o');
    await files.write('objects/o', ascii('new'));
    expectBytes(await files.read('bundles/o'), ascii('old'), 'the other name after a write');
  });
  add(7, 'rename-file', 'rename moves a file, with the folders it needs', async (files) => {
    await files.write('tmp/a', ascii('x'));
    await files.rename('tmp/a', 'objects/deep/a');
    expectBytes(await files.read('objects/deep/a'), ascii('x'), 'the moved file');
    expectThat((await files.read('tmp/a')) === undefined, 'the file is still at its old place');
  });
  add(7, 'rename-folder', 'rename moves a folder with all in it', async (files) => {
    await files.write('tmp/r/launch.bundle', ascii('js'));
    await files.write('tmp/r/assets/img/a.png', ascii('png'));
    await files.rename('tmp/r', 'bundles/h');
    expectBytes(await files.read('bundles/h/launch.bundle'), ascii('js'), 'a file of the moved folder');
    expectBytes(await files.read('bundles/h/assets/img/a.png'), ascii('png'), 'a file further down');
    expectThat((await files.list('tmp/r')).length === 0, 'the folder is still at its old place');
  });
  add(7, 'rename-absent', 'renaming what is not there rejects', async (files) => {
    const failed = await files.rename('never', 'b').then(
      () => false,
      () => true,
    );
    expectThat(failed, 'rename of an absent file said it was done');
    expectThat((await files.sizeOf('b')) === undefined, 'rename of an absent file made one');
  });
  add(8, 'remove', 'remove takes a file or a folder with all in it; absent is fine', async (files) => {
    await files.write('a/b/c', ascii('1'));
    await files.write('a/d', ascii('2'));
    await files.write('e', ascii('3'));
    await files.remove('a');
    await files.remove('e');
    expectThat((await files.read('a/b/c')) === undefined, 'a file of a removed folder is there');
    expectThat((await files.read('e')) === undefined, 'a removed file is there');
    await files.remove('a');
    await files.remove('never/there');
  });
  add(9, 'list', 'list gives the names directly in a folder, files and folders', async (files) => {
    await files.write('bundles/h1/launch.bundle', ascii('1'));
    await files.write('bundles/h2/launch.bundle', ascii('2'));
    await files.write('bundles/note', ascii('3'));
    const names = [...(await files.list('bundles'))].sort();
    expectThat(names.join() === 'h1,h2,note', `list gave ${names.join(' ')}, expected h1 h2 note`);
  });
  add(10, 'names', 'a name is a name: nothing is decoded, encoded or cut', async (files) => {
    for (const name of AWKWARD_NAMES) await files.write(`assets/${name}`, ascii(encodeURIComponent(name)));
    const names = [...(await files.list('assets'))].sort();
    expectThat(
      names.join('|') === [...AWKWARD_NAMES].sort().join('|'),
      `list gave ${names.join(' | ')}, expected ${[...AWKWARD_NAMES].sort().join(' | ')}`,
    );
    for (const name of AWKWARD_NAMES)
      expectBytes(await files.read(`assets/${name}`), ascii(encodeURIComponent(name)), name);
  });
  add(11, 'outside', 'paths that could leave the folder are refused', async (files) => {
    await files.write('a/inside', ascii('1'));
    for (const path of OUTSIDE) {
      const work: (() => Promise<unknown>)[] = [
        () => files.write(path, ascii('x')),
        () => files.append(path, ascii('x')),
        () => files.read(path),
        () => files.sizeOf(path),
        () => files.sha256File(path),
        () => files.list(path),
        () => files.link('a/inside', path),
        () => files.rename('a/inside', path),
        () => files.remove(path),
      ];
      for (const one of work) {
        const refused = await Promise.resolve()
          .then(one)
          .then(
            () => false,
            () => true,
          );
        expectThat(refused, `${JSON.stringify(path)} was accepted`);
      }
    }
    expectBytes(await files.read('a/inside'), ascii('1'), 'after all refusals');
  });
  add(12, 'ownership', 'bytes given in or out are nobody else’s', async (files) => {
    const bytes = ascii('abc');
    await files.write('a', bytes);
    bytes.fill(0);
    const first = await files.read('a');
    expectBytes(first, ascii('abc'), 'after the caller changed its buffer');
    first?.fill(1);
    expectBytes(await files.read('a'), ascii('abc'), 'after a reader changed its copy');
  });
  add(13, 'whole', 'a reader meets the old file or the new one, never a part', async (files) => {
    const versions = [1, 2].map((n) => new Uint8Array(60_000 * n).fill(n));
    await files.write('a', versions[0] as Uint8Array);
    const writing = { done: false };
    const write = (async () => {
      for (let i = 0; i < 20; i++) await files.write('a', versions[i % 2] as Uint8Array);
    })().finally(() => {
      writing.done = true;
    });
    do {
      const found = await files.read('a');
      expectThat(found !== undefined, 'the file was gone for a moment');
      const n = found[0] ?? 0;
      expectThat(
        found.length === 60_000 * n && found.every((byte) => byte === n),
        `${found.length} bytes were read, which nobody wrote`,
      );
    } while (!writing.done);
    await write;
  });
  add(14, 'free-bytes', 'freeBytes gives whole bytes, or does not tell', async (files) => {
    const freeBytes = await files.freeBytes?.();
    expectThat(
      freeBytes === undefined || (Number.isSafeInteger(freeBytes) && freeBytes >= 0),
      `freeBytes gave ${freeBytes}`,
    );
  });
  return cases;
}
