// The same requests, the same answers, wherever the control plane is mounted. UPDATE_RECORD=1 writes the record anew.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRecordedServer } from '../src/control-plane/create-recorded-server.ts';
import type { RecordedAnswer } from '../src/control-plane/ask.ts';
import {
  type Mounted,
  mountDirectly,
  mountInExpress,
  mountInLambda,
  mountInNode,
  mountInProcess,
  mountInWorkerd,
} from '../src/control-plane/mounts.ts';
import { type RecordedRequest, recordedRequests } from '../src/control-plane/recorded-requests.ts';
import { bundlePlain, findRuntime, type ProcessRuntime } from '../src/index.ts';

interface RecordedExchange {
  readonly request: RecordedRequest;
  readonly answer: RecordedAnswer;
}

const FILE = fileURLToPath(new URL('../recorded/control-plane.json', import.meta.url));
let script = '';
let requests: readonly RecordedRequest[] = [];
const mounted: Mounted[] = [];

beforeAll(async () => {
  script = await bundlePlain(fileURLToPath(new URL('./entries/control-plane.ts', import.meta.url)));
  requests = recordedRequests((await createRecordedServer()).releases);
  if (process.env['UPDATE_RECORD'] !== undefined || !existsSync(FILE)) {
    const { ask } = mountDirectly((await createRecordedServer()).handle);
    const exchanges: RecordedExchange[] = [];
    for (const request of requests) exchanges.push({ answer: await ask(request), request });
    writeFileSync(FILE, `${JSON.stringify(exchanges, undefined, 2)}\n`);
  }
}, 60_000);

afterAll(async () => {
  for (const { stop } of mounted) await stop();
});

/** Every header of the record, with its value; an adapter may add those that HTTP needs. */
async function expectSameAnswers(mount: Mounted): Promise<void> {
  mounted.push(mount);
  const record = JSON.parse(readFileSync(FILE, 'utf8')) as RecordedExchange[];
  expect(record.map(({ request }) => request)).toEqual(requests);
  const wrong: unknown[] = [];
  for (const { answer: expected, request } of record) {
    const answer = await mount.ask(request);
    const headers = Object.fromEntries(
      Object.keys(expected.headers).map((name) => [name, answer.headers[name]]),
    );
    if (JSON.stringify({ ...answer, headers }) !== JSON.stringify(expected))
      wrong.push({ answer, expected, request: request.title });
  }
  expect(wrong).toEqual([]);
}

const handler = async () => (await createRecordedServer()).handle;

it('called directly', async () => expectSameAnswers(mountDirectly(await handler())));
it('in node:http', async () => expectSameAnswers(await mountInNode(await handler())));
it('in Express, below a path', async () => expectSameAnswers(await mountInExpress(await handler())));
it('in a Lambda function, by API Gateway events', async () =>
  expectSameAnswers(mountInLambda(await handler())));
it('in workerd', async () => expectSameAnswers(await mountInWorkerd(script)), 60_000);

it.for([
  ['bun', 'bun 1.4.5'],
  ['deno', 'deno 2.9.6'],
] as const satisfies readonly (readonly [string, ProcessRuntime])[])(
  'in %s',
  { timeout: 60_000 },
  async ([kind, runtime], { skip }) => {
    const program = findRuntime(runtime);
    if (program === undefined) {
      const reason = `${runtime} is not installed: run \`npm install --no-package-lock\` in packages/runtime-tests/runtimes`;
      if (process.env['CI'] !== undefined) throw new Error(reason);
      console.warn(`skipped: ${reason}`);
      skip(reason);
      return;
    }
    await expectSameAnswers(await mountInProcess(kind, program, script));
  },
);
