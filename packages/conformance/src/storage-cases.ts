import { hexToBytes } from '@kivyx-ota/core';
import type { ObjectStorage } from '@kivyx-ota/storage';
import type { ConformanceCase } from './case.ts';
import { expectBytes, expectCode, expectThat } from './expect.ts';

/** Options of {@link storageCases}. */
export interface StorageCasesOptions {
  /** An empty storage, or a storage below a fresh prefix; called once per case. */
  readonly create: () => Promise<ObjectStorage> | ObjectStorage;
  /** How many writers race in the concurrency cases. Default 16. */
  readonly writers?: number;
}

const text = (value: string): Uint8Array => Uint8Array.from(value, (char) => char.charCodeAt(0));
/** A hundred times "a" in gzip: whoever undoes it gives other bytes. */
const GZIP = hexToBytes('1f8b08000000000000034b4ca43d0000647a70af64000000');
const BAD_KEYS = [
  '',
  '/',
  'a//b',
  '/a',
  'a/',
  '../a',
  'a/../b',
  './a',
  'a\\b',
  'a b',
  'a\0b',
  'é',
  'a.',
  'x'.repeat(513),
];

/**
 * One case per clause of `ObjectStorage` (more where a clause says several things).
 */
export function storageCases({ create, writers = 16 }: StorageCasesOptions): readonly ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  const add = (
    clause: number,
    name: string,
    title: string,
    check: (storage: ObjectStorage) => Promise<void>,
  ): void => {
    cases.push({
      clause,
      id: `storage/${clause}-${name}`,
      run: async () => check(await create()),
      title: `clause ${clause}: ${title}`,
    });
  };

  add(1, 'absent', 'a key that was never written is undefined', async (storage) => {
    expectThat(
      (await storage.get('objects/never')) === undefined,
      'get gave an object that was never written',
    );
    expectThat(
      (await storage.head('objects/never')) === undefined,
      'head gave an object that was never written',
    );
  });
  add(2, 'bytes', 'put, then get gives exactly the bytes', async (storage) => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
    await storage.put('objects/a', bytes);
    expectBytes((await storage.get('objects/a'))?.body, bytes, 'get');
    expectThat((await storage.head('objects/a'))?.sizeBytes === bytes.length, 'head gave another length');
  });
  add(2, 'encoded', 'bytes that have a content encoding come back as they were put', async (storage) => {
    await storage.put('a', GZIP, { contentEncoding: 'gzip' });
    expectBytes(
      (await storage.get('a'))?.body,
      GZIP,
      'get (who undoes the encoding? fetch does, and some SDKs)',
    );
    const size = (await storage.head('a'))?.sizeBytes;
    expectThat(size === GZIP.length, `head gave ${String(size)} bytes, ${GZIP.length} were put`);
  });
  add(3, 'metadata', 'content type, cache control and encoding come back', async (storage) => {
    const metadata = {
      cacheControl: 'public, max-age=60',
      contentEncoding: 'br',
      contentType: 'application/cose',
    };
    await storage.put('a', text('x'), metadata);
    for (const found of [await storage.head('a'), await storage.get('a')]) {
      for (const [name, value] of Object.entries(metadata)) {
        const got = found?.[name as keyof typeof metadata];
        expectThat(got === value, `${name} came back as ${String(got)}, put was ${value}`);
      }
    }
  });
  add(3, 'metadata-defaults', 'absent metadata has the defaults', async (storage) => {
    await storage.put('a', text('x'));
    const found = await storage.head('a');
    expectThat(
      found?.contentType === 'application/octet-stream',
      `default content type is ${String(found?.contentType)}`,
    );
    expectThat(found.cacheControl === 'no-store', `default cache control is ${found.cacheControl}`);
    expectThat(found.contentEncoding === undefined, 'there is a content encoding that nobody put');
  });
  add(4, 'atomic', 'a reader never meets a mixture of two writes', async (storage) => {
    const versions = [1, 2].map((n) => new Uint8Array(50_000 * n).fill(n));
    await storage.put('a', versions[0] as Uint8Array, { contentType: 'type/1' });
    const writing = { done: false };
    const write = (async () => {
      for (let i = 0; i < 20; i++) {
        await storage.put('a', versions[i % 2] as Uint8Array, { contentType: `type/${(i % 2) + 1}` });
      }
    })().finally(() => {
      writing.done = true;
    });
    while (!writing.done) {
      const found = await storage.get('a');
      expectThat(found !== undefined, 'the object was gone for a moment');
      const n = found.body[0] as number;
      const whole = found.body.length === 50_000 * n && found.body.every((byte) => byte === n);
      expectThat(whole, 'a mixture of two writes was read');
      expectThat(found.contentType === `type/${n}`, `the bytes of write ${n} came with ${found.contentType}`);
      // An adapter in memory resolves without ever letting the writer run.
      await new Promise<void>((resolve) => {
        void Promise.resolve().then(() => resolve());
      });
    }
    await write;
  });
  add(5, 'etag', 'the etag follows the bytes', async (storage) => {
    const first = await storage.put('a', text('1'));
    expectThat(first.written, 'an unconditional put did not write');
    const [head, get] = [await storage.head('a'), await storage.get('a')];
    expectThat(
      head?.etag === first.etag && get?.etag === first.etag,
      'put, head and get disagree on the etag',
    );
    const second = await storage.put('a', text('2'));
    expectThat(second.written && second.etag !== first.etag, 'other bytes, same etag');
    const page = await storage.list('a');
    expectThat(page.objects[0]?.etag === second.etag, 'list gives another etag');
  });
  add(6, 'if-absent', 'ifAbsent does not replace', async (storage) => {
    expectThat(
      (await storage.put('a', text('1'), { ifAbsent: true })).written,
      'ifAbsent did not write a new object',
    );
    expectThat(
      !(await storage.put('a', text('2'), { ifAbsent: true })).written,
      'ifAbsent said it wrote over an object',
    );
    expectBytes((await storage.get('a'))?.body, text('1'), 'after a refused write');
  });
  add(7, 'if-match', 'ifMatch replaces only the version it names', async (storage) => {
    const first = await storage.put('a', text('1'));
    expectThat(first.written, 'an unconditional put did not write');
    const second = await storage.put('a', text('2'), { ifMatch: first.etag });
    expectThat(second.written, 'the current etag was refused');
    expectThat(
      !(await storage.put('a', text('3'), { ifMatch: first.etag })).written,
      'a stale etag was accepted',
    );
    expectBytes((await storage.get('a'))?.body, text('2'), 'after a refused write');
  });
  add(7, 'if-match-absent', 'ifMatch on an absent object writes nothing', async (storage) => {
    expectThat(
      !(await storage.put('a', text('1'), { ifMatch: 'abc' })).written,
      'ifMatch wrote where there was no object',
    );
    expectThat((await storage.get('a')) === undefined, 'ifMatch made an object');
  });
  add(8, 'race-absent', 'of many concurrent creators one wins', async (storage) => {
    const results = await Promise.all(
      Array.from({ length: writers }, (_, i) => storage.put('a', text(`writer ${i}`), { ifAbsent: true })),
    );
    const winners = results.flatMap((result, i) => (result.written ? [i] : []));
    expectThat(winners.length === 1, `${winners.length} of ${writers} creators won`);
    expectBytes((await storage.get('a'))?.body, text(`writer ${winners[0]}`), 'the winner');
  });
  add(8, 'race-match', 'of many concurrent replacers one wins, round after round', async (storage) => {
    let result = await storage.put('a', text('start'));
    for (let round = 0; round < 5; round++) {
      const { etag } = result as { etag: string };
      const results = await Promise.all(
        Array.from({ length: writers }, (_, i) => storage.put('a', text(`${round} ${i}`), { ifMatch: etag })),
      );
      const winners = results.flatMap((one, i) => (one.written ? [i] : []));
      expectThat(winners.length === 1, `${winners.length} of ${writers} replacers won`);
      expectBytes((await storage.get('a'))?.body, text(`${round} ${winners[0]}`), 'the winner');
      result = results[winners[0] as number] as typeof result;
    }
  });
  add(9, 'range', 'a range is that part of the object', async (storage) => {
    await storage.put('a', text('0123456789'));
    const part = await storage.get('a', { range: { endByte: 4, startByte: 2 } });
    expectBytes(part?.body, text('234'), 'bytes 2-4');
    expectThat(part?.sizeBytes === 10, 'sizeBytes is that of the part');
    expectBytes(
      (await storage.get('a', { range: { endByte: 99, startByte: 8 } }))?.body,
      text('89'),
      'an end beyond the object',
    );
    expectBytes(
      (await storage.get('a', { range: { endByte: 99, startByte: 10 } }))?.body,
      text(''),
      'a start beyond the object',
    );
  });
  add(10, 'list', 'list is complete, ordered and paged', async (storage) => {
    const keys = ['b/1', 'a-x', 'a/2', 'a/10', 'a/1', 'a', 'c', 'a/sub/z', 'B/1'].filter(
      (key) => key !== 'a',
    );
    for (const key of keys) await storage.put(key, text(key));
    const collect = async (prefix: string, limit: number): Promise<string[]> => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await storage.list(prefix, cursor === undefined ? { limit } : { cursor, limit });
        expectThat(page.objects.length <= limit, `a page of ${page.objects.length}, limit ${limit}`);
        for (const { key, sizeBytes } of page.objects) {
          expectThat(sizeBytes === key.length, `${key}: size ${sizeBytes}`);
          found.push(key);
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
      return found;
    };
    for (const [prefix, limit] of [
      ['', 100],
      ['', 1],
      ['', 3],
      ['a/', 2],
      ['a', 2],
      ['zzz', 5],
    ] as const) {
      const expected = keys.filter((key) => key.startsWith(prefix)).sort();
      const got = await collect(prefix, limit);
      expectThat(
        got.join() === expected.join(),
        `list(${JSON.stringify(prefix)}, ${limit}) gave ${got.join(' ')}, expected ${expected.join(' ')}`,
      );
    }
  });
  add(11, 'delete', 'delete removes, and may be repeated', async (storage) => {
    await storage.put('a/b', text('1'));
    await storage.delete('a/b');
    expectThat((await storage.get('a/b')) === undefined, 'the object is still there');
    expectThat((await storage.list('')).objects.length === 0, 'the object is still listed');
    await storage.delete('a/b');
    await storage.delete('never/there');
    expectThat(
      (await storage.put('a/b', text('2'), { ifAbsent: true })).written,
      'a deleted key counts as present',
    );
  });
  add(12, 'keys', 'keys that do not mean the same everywhere are refused', async (storage) => {
    for (const key of BAD_KEYS) {
      const name = JSON.stringify(key.slice(0, 20));
      await expectCode(storage.put(key, text('x')), 'ERR_STORAGE_KEY', `put ${name}`);
      await expectCode(storage.get(key), 'ERR_STORAGE_KEY', `get ${name}`);
      await expectCode(storage.head(key), 'ERR_STORAGE_KEY', `head ${name}`);
      await expectCode(storage.delete(key), 'ERR_STORAGE_KEY', `delete ${name}`);
    }
    await expectCode(storage.list('../'), 'ERR_STORAGE_KEY', 'list ../');
    expectThat((await storage.list('')).objects.length === 0, 'a refused put left something');
  });
  add(13, 'ownership', 'bytes given in or out are nobody else’s', async (storage) => {
    const bytes = text('abc');
    const pending = storage.put('a', bytes);
    bytes.fill(0);
    await pending;
    const first = await storage.get('a');
    expectThat(first !== undefined, 'the object is missing');
    // The copy must be made before put returns control for the first time, or at the latest never see the change.
    const seen = String.fromCharCode(...first.body);
    expectThat(seen === 'abc', `the caller changed its buffer and the object became ${JSON.stringify(seen)}`);
    first.body.fill(1);
    expectBytes((await storage.get('a'))?.body, text('abc'), 'after a reader changed its copy');
  });
  add(
    13,
    'ownership-buffer',
    'bytes whose slice is a view, as a Buffer’s is, are copied too',
    async (storage) => {
      const bytes = text('abc');
      Object.defineProperty(bytes, 'slice', { value: bytes.subarray });
      const pending = storage.put('a', bytes);
      bytes.fill(0);
      await pending;
      bytes.fill(1);
      expectBytes((await storage.get('a'))?.body, text('abc'), 'after the caller changed its buffer');
    },
  );
  add(14, 'empty', 'an empty object is an object', async (storage) => {
    await storage.put('a', new Uint8Array(0));
    expectThat((await storage.head('a'))?.sizeBytes === 0, 'head gives nothing for an empty object');
    expectBytes((await storage.get('a'))?.body, new Uint8Array(0), 'get');
    expectThat(
      !(await storage.put('a', text('x'), { ifAbsent: true })).written,
      'an empty object counts as absent',
    );
  });
  add(16, 'max-size', 'an object above maxSizeBytes is refused', async (storage) => {
    await storage.put('a', text('12345'));
    await expectCode(
      storage.get('a', { maxSizeBytes: 4 }),
      'ERR_STORAGE_TOO_LARGE',
      'get of 5 bytes with a cap of 4',
    );
    expectBytes(
      (await storage.get('a', { maxSizeBytes: 5 }))?.body,
      text('12345'),
      'get of 5 bytes with a cap of 5',
    );
  });
  return cases;
}
