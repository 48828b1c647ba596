import { concatBytes } from '@kivyx-ota/core';
import type { ConformanceCase } from '../case.ts';
import { expectBytes, expectThat } from '../expect.ts';
import { GZIP_TEXT, scriptBytes } from './http-script.ts';
import { ascii } from './samples.ts';
import type { HeadUnderTest, HttpRequestUnderTest, HttpUnderTest } from './under-test.ts';

/** Options of {@link httpPortCases}. */
export interface HttpPortCasesOptions {
  readonly create: () => Promise<HttpUnderTest> | HttpUnderTest;
  /** Of a server that answers as {@link httpScript} says; without a slash at the end. */
  readonly origin: string;
  /**
   * False for transports that hand bodies over only whole (React Native's `fetch`): a stall is then told from a slow answer only by
   * the whole time, and a long answer is refused only after it came. Default true.
   */
  readonly streams?: boolean;
}

type Wanted = Partial<HttpRequestUnderTest>;

/** One case per clause of the client's `HttpPort` (more where a clause says several things). */
export function httpPortCases({
  create,
  origin,
  streams = true,
}: HttpPortCasesOptions): readonly ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  type Get = (path: string, wanted?: Wanted) => ReturnType<HttpUnderTest['get']>;
  const add = (clause: number, name: string, title: string, check: (get: Get) => Promise<void>): void => {
    cases.push({
      clause,
      id: `http/${clause}-${name}`,
      run: async () => {
        const http = await create();
        await check((path, wanted = {}) =>
          http.get({
            headers: {},
            idleTimeoutMs: 5000,
            maxSizeBytes: 10_000_000,
            url: path.startsWith('http') ? path : origin + path,
            ...wanted,
          }),
        );
      },
      title: `clause ${clause}: ${title}`,
    });
  };
  const failure = async (work: Promise<unknown>, what: string): Promise<unknown> => {
    let error: unknown;
    try {
      await work;
    } catch (caught) {
      error = caught;
    }
    expectThat(error !== undefined, `${what}: it resolved`);
    return error;
  };

  add(1, 'body', 'the body comes back byte for byte', async (get) => {
    const { body, status } = await get('/bytes/300001');
    expectThat(status === 200, `status ${status}`);
    expectBytes(body, scriptBytes(300_001), 'the body');
    expectThat((await get('/bytes/0')).body.length === 0, 'an empty body has bytes');
  });
  add(1, 'chunks', 'onChunk gets the body in order, and then the response has none', async (get) => {
    const chunks: Uint8Array[] = [];
    const { body } = await get('/bytes/300001', { onChunk: (chunk) => void chunks.push(chunk.slice()) });
    expectBytes(concatBytes(...chunks), scriptBytes(300_001), 'the chunks');
    expectThat(body.length === 0, 'the body came twice');
  });
  add(2, 'headers-in', 'header names of the answer are lower case, values untouched', async (get) => {
    const { headers } = await get('/echo');
    expectThat(headers['x-kivyx-case'] === 'MiXed', `x-kivyx-case is ${String(headers['x-kivyx-case'])}`);
    const shouting = Object.keys(headers).filter((name) => name !== name.toLowerCase());
    expectThat(shouting.length === 0, `not lower case: ${shouting.join(' ')}`);
  });
  add(2, 'headers-out', 'headers of the request are sent as given', async (get) => {
    const wanted = { 'if-none-match': '"e1"', range: 'bytes=3-', 'x-kivyx': 'a b=c' };
    const { body } = await get('/echo', { headers: wanted });
    const seen = JSON.parse(String.fromCharCode(...body)) as Record<string, string>;
    for (const [name, value] of Object.entries(wanted))
      expectThat(seen[name] === value, `${name} arrived as ${String(seen[name])}, sent was ${value}`);
  });
  add(3, 'redirect', 'a redirect is not followed: its status comes back', async (get) => {
    const { body, status } = await get('/redirect');
    expectThat(status >= 300 && status < 400, `status ${status}: the redirect was followed`);
    expectThat(body.length !== 5, 'the body of the other address came');
  });
  add(4, 'statuses', 'every status is an answer, not an error', async (get) => {
    for (const wanted of [304, 404, 416, 429, 500, 503]) {
      const { status } = await get(`/status/${wanted}`);
      expectThat(status === wanted, `status ${status} for ${wanted}`);
    }
  });
  add(5, 'head-first', 'onHead comes once, before the first chunk', async (get) => {
    const heads: HeadUnderTest[] = [];
    let early = false;
    await get('/bytes/5000', {
      onChunk: () => {
        if (heads.length === 0) early = true;
      },
      onHead: (head) => void heads.push(head),
    });
    expectThat(!early, 'a chunk came before the head');
    expectThat(heads.length === 1, `${heads.length} heads`);
    expectThat(heads[0]?.status === 200 && heads[0].headers['etag'] === '"v1"', 'the head is another one');
  });
  add(5, 'head-throws', 'an error of onHead stops the transfer and comes out as it is', async (get) => {
    const mine = new Error('no, thank you');
    let chunks = 0;
    const error = await failure(
      get('/long', {
        onChunk: () => void chunks++,
        onHead: () => {
          throw mine;
        },
      }),
      'after onHead threw',
    );
    expectThat(error === mine, `another error came out: ${String(error)}`);
    expectThat(chunks === 0, `${chunks} chunks came after onHead threw`);
  });
  add(6, 'chunk-throws', 'an error of onChunk stops the transfer and comes out as it is', async (get) => {
    const mine = new Error('the disk is full');
    let chunks = 0;
    const error = await failure(
      get('/long', {
        onChunk: () => {
          chunks++;
          return Promise.reject(mine);
        },
      }),
      'after onChunk rejected',
    );
    expectThat(error === mine, `another error came out: ${String(error)}`);
    expectThat(chunks === 1, `${chunks} chunks came although the first was refused`);
  });
  add(7, 'max-size', 'more than maxSizeBytes fails, exactly that much does not', async (get) => {
    expectThat((await get('/bytes/1000', { maxSizeBytes: 1000 })).body.length === 1000, 'not all bytes came');
    await failure(get('/bytes/1001', { maxSizeBytes: 1000 }), '1,001 bytes with a cap of 1,000');
    let received = 0;
    await failure(
      get('/long', {
        maxSizeBytes: 200_000,
        onChunk: (chunk) => {
          received += chunk.length;
        },
      }),
      '2.6 MB with a cap of 200,000',
    );
    expectThat(received <= 200_000, `${received} bytes were handed over, allowed were 200,000`);
  });
  add(8, 'silent', 'no first byte within idleTimeoutMs fails', async (get) => {
    await failure(get('/silent', { idleTimeoutMs: 400 }), 'a server that says nothing');
  });
  add(8, 'stall', 'no next byte within idleTimeoutMs fails', async (get) => {
    await failure(get('/stall', { idleTimeoutMs: 400 }), 'a server that stops talking');
  });
  if (streams) {
    add(8, 'slow', 'a slow answer may take longer than idleTimeoutMs, as long as bytes come', async (get) => {
      expectBytes((await get('/drip', { idleTimeoutMs: 1500 })).body, scriptBytes(50), 'the slow body');
    });
  }
  add(9, 'decoded', 'content encodings are undone', async (get) => {
    expectBytes((await get('/gzip')).body, ascii(GZIP_TEXT), 'a compressed body');
  });
  add(9, 'range-plain', 'a range is asked for without compression', async (get) => {
    const { body, status, headers } = await get('/bytes/1000', { headers: { range: 'bytes=400-' } });
    expectThat(status === 206, `status ${status}`);
    expectThat(headers['content-range'] === 'bytes 400-999/1000', 'another content-range');
    expectBytes(body, scriptBytes(1000).slice(400), 'the rest');
  });
  add(10, 'cut', 'an answer that breaks off fails', async (get) => {
    await failure(get('/cut/5000'), 'half of the promised bytes');
  });
  add(10, 'unreachable', 'no connection fails', async (get) => {
    // Port 9 (discard) of this machine: refused, or nothing there.
    await failure(get('http://127.0.0.1:9/x', { idleTimeoutMs: 500 }), 'a server that is not there');
  });
  add(11, 'abort', 'a signal that is set stops the transfer', async (get) => {
    const signal = { aborted: false };
    let received = 0;
    await failure(
      get('/long', {
        onChunk: (chunk) => {
          received += chunk.length;
          signal.aborted = true;
        },
        onHead: () => {
          signal.aborted = !streams;
        },
        signal,
      }),
      'after the signal was set',
    );
    expectThat(received < 2_000_000, `${received} bytes came although the signal was set at the first`);
  });
  return cases;
}
