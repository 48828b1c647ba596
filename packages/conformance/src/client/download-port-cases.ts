import type { ConformanceCase } from '../case.ts';
import { expectBytes, expectThat } from '../expect.ts';
import { scriptBytes } from './http-script.ts';
import { sampleBytes } from './samples.ts';
import type { DownloadRequestUnderTest, DownloadsUnderTest, FilesUnderTest } from './under-test.ts';

/** What a platform's downloads cannot do; the cases then ask for the next best behaviour. */
export interface DownloadAbilities {
  /** `followed`: the library follows redirects by itself and does not tell; the hash decides about the bytes. Default `told`. */
  readonly redirects?: 'told' | 'followed';
  /** False: what is there is not continued but fetched anew, as if the server had ignored the range. Default true. */
  readonly resumes?: boolean;
  /** False: an answer has a status and no headers. Default true. */
  readonly tellsHeaders?: boolean;
}

/** Options of {@link downloadPortCases}. */
export interface DownloadPortCasesOptions {
  /** The port, and the files it writes to; an empty folder for each case. */
  readonly create: () => Promise<DownloadsPair> | DownloadsPair;
  /** Of a server that answers as {@link httpScript} says; without a slash at the end. */
  readonly origin: string;
  readonly abilities?: DownloadAbilities;
}

/** Downloads, and files of the same folder. */
export interface DownloadsPair {
  readonly downloads: DownloadsUnderTest;
  readonly files: Pick<FilesUnderTest, 'list' | 'read' | 'write'>;
}

const PART = 'tmp/o.part';

/** One case per clause of the client's `DownloadPort` (more where a clause says several things). */
export function downloadPortCases({
  create,
  origin,
  abilities: { redirects = 'told', resumes = true, tellsHeaders = true } = {},
}: DownloadPortCasesOptions): readonly ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  interface World {
    readonly files: DownloadsPair['files'];
    fetch(path: string, wanted?: Partial<DownloadRequestUnderTest>): ReturnType<DownloadsUnderTest['toFile']>;
  }
  const add = (clause: number, name: string, title: string, check: (world: World) => Promise<void>): void => {
    cases.push({
      clause,
      id: `downloads/${clause}-${name}`,
      run: async () => {
        const { downloads, files } = await create();
        await check({
          fetch: (path, wanted = {}) =>
            downloads.toFile({
              headers: {},
              idleTimeoutMs: 5000,
              maxSizeBytes: 10_000_000,
              offset: 0,
              path: PART,
              url: path.startsWith('http') ? path : origin + path,
              ...wanted,
            }),
          files,
        });
      },
      title: `clause ${clause}: ${title}`,
    });
  };
  const fails = async (work: Promise<unknown>, what: string): Promise<void> => {
    const failed = await work.then(
      () => false,
      () => true,
    );
    expectThat(failed, `${what}: it resolved`);
  };
  const rest = (offset: number): Partial<DownloadRequestUnderTest> => ({
    headers: { 'if-range': '"v1"', range: `bytes=${offset}-` },
    offset,
  });

  add(8, 'bytes', 'the file has the bytes of the answer, and nothing else is left', async (world) => {
    const head = await world.fetch('/bytes/300001');
    expectThat(head.status === 200, `status ${head.status}`);
    expectBytes(await world.files.read(PART), scriptBytes(300_001), 'the file');
    const left = await world.files.list('tmp');
    expectThat(left.join() === 'o.part', `left in the folder: ${left.join(' ')}`);
  });
  if (tellsHeaders) {
    add(8, 'headers', 'header names are lower case', async (world) => {
      const { headers } = await world.fetch('/bytes/10');
      expectThat(headers['etag'] === '"v1"', `etag is ${String(headers['etag'])}`);
    });
  }
  add(8, 'request', 'headers of the request are sent as given', async (world) => {
    await world.fetch('/echo', { headers: { 'x-kivyx': 'a b=c' } });
    const seen = JSON.parse(String.fromCharCode(...((await world.files.read(PART)) ?? []))) as Record<
      string,
      string
    >;
    expectThat(seen['x-kivyx'] === 'a b=c', `x-kivyx arrived as ${String(seen['x-kivyx'])}`);
  });
  if (redirects === 'told') {
    add(1, 'redirect', 'a redirect is not followed', async (world) => {
      const status = await world.fetch('/redirect').then(
        (head) => head.status,
        () => 302,
      );
      expectThat(status >= 300 && status < 400, `status ${status}: the redirect was followed`);
      expectThat((await world.files.read(PART)) === undefined, 'the redirect left a file');
    });
  } else {
    add(1, 'redirect-followed', 'a redirect that is followed gives the other bytes whole', async (world) => {
      await world.fetch('/redirect');
      expectBytes(await world.files.read(PART), scriptBytes(5), 'the file');
    });
  }
  add(2, 'resume', 'the rest goes after the bytes that stay', async (world) => {
    const whole = scriptBytes(100_000);
    await world.files.write(PART, whole.slice(0, 40_000));
    const { status } = await world.fetch('/bytes/100000', rest(40_000));
    expectThat(status === (resumes ? 206 : 200), `status ${status}`);
    expectBytes(await world.files.read(PART), whole, 'the file');
  });
  add(2, 'resume-longer', 'bytes beyond the offset do not stay', async (world) => {
    const whole = scriptBytes(100_000);
    await world.files.write(PART, sampleBytes(60_000, 9));
    await world.files.write(PART, Uint8Array.from([...whole.slice(0, 40_000), ...sampleBytes(20_000, 9)]));
    await world.fetch('/bytes/100000', rest(40_000));
    expectBytes(await world.files.read(PART), whole, 'the file');
  });
  add(2, 'range-ignored', 'an answer with the whole replaces what was there', async (world) => {
    await world.files.write(PART, sampleBytes(40_000, 9));
    const { status } = await world.fetch('/whole/100000', rest(40_000));
    expectThat(status === 200, `status ${status}`);
    expectBytes(await world.files.read(PART), scriptBytes(100_000), 'the file');
  });
  add(2, 'other-status', 'any other status leaves the file as it is', async (world) => {
    const before = sampleBytes(500, 3);
    for (const status of [404, 416, 500, 503]) {
      await world.files.write(PART, before);
      const { status: told } = await world.fetch(`/status/${status}`, rest(500));
      expectThat(told === status, `status ${told} for ${status}`);
      expectBytes(await world.files.read(PART), before, `the file after ${status}`);
    }
  });
  add(3, 'cut', 'a transfer that breaks off rejects, and leaves a beginning of the bytes', async (world) => {
    await fails(world.fetch('/cut/50000'), 'half of the promised bytes');
    const left = (await world.files.read(PART)) ?? new Uint8Array(0);
    if (resumes) expectThat(left.length > 0, 'nothing of the 50,000 bytes that came was kept');
    expectBytes(left, scriptBytes(50_000).slice(0, left.length), 'what is left');
  });
  add(3, 'unreachable', 'no connection rejects and leaves the file as it is', async (world) => {
    const before = sampleBytes(500, 3);
    await world.files.write(PART, before);
    await fails(
      world.fetch('http://127.0.0.1:9/x', { ...rest(500), idleTimeoutMs: 500 }),
      'a server that is not there',
    );
    expectBytes(await world.files.read(PART), before, 'the file');
  });
  add(4, 'max-size', 'a transfer that goes beyond maxSizeBytes is stopped', async (world) => {
    await fails(world.fetch('/long', { maxSizeBytes: 200_000 }), '2.6 MB with a cap of 200,000');
    const left = (await world.files.read(PART))?.length ?? 0;
    expectThat(left < 2_000_000, `${left} bytes are left, allowed were 200,000`);
    await world.fetch('/bytes/1000', { maxSizeBytes: 1000 });
    expectBytes(await world.files.read(PART), scriptBytes(1000), 'exactly maxSizeBytes');
  });
  add(5, 'abort', 'a signal that is set stops the transfer', async (world) => {
    const signal = { aborted: false };
    await fails(
      world.fetch('/long', {
        onProgress: (size) => {
          signal.aborted ||= size > 0;
        },
        signal,
      }),
      'after the signal was set',
    );
    const left = (await world.files.read(PART))?.length ?? 0;
    expectThat(left < 2_000_000, `${left} bytes came although the signal was set early`);
  });
  add(6, 'stall', 'no next byte within idleTimeoutMs rejects', async (world) => {
    await fails(world.fetch('/stall', { idleTimeoutMs: 400 }), 'a server that stops talking');
  });
  add(6, 'slow', 'a slow answer may take longer than idleTimeoutMs, as long as bytes come', async (world) => {
    await world.fetch('/drip', { idleTimeoutMs: 1500 });
    expectBytes(await world.files.read(PART), scriptBytes(50), 'the slow body');
  });
  add(7, 'progress', 'progress is the size of the file, up to the whole', async (world) => {
    const sizes: number[] = [];
    await world.files.write(PART, scriptBytes(100_000).slice(0, 40_000));
    await world.fetch('/bytes/100000', { ...rest(40_000), onProgress: (size) => void sizes.push(size) });
    const last = sizes[sizes.length - 1];
    expectThat(last === 100_000, `the last size told is ${String(last)}`);
    if (resumes)
      expectThat(
        sizes.every((size) => size >= 40_000),
        `told ${sizes.join(' ')}, although 40,000 were there`,
      );
  });
  return cases;
}
