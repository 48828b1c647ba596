// The queue of events: bounded, across restarts, polite.
import { createTelemetryQueue, type PostJson, type TelemetryQueue } from '@kivyx-ota/client/telemetry';
import { caseList, publishTwo, same } from './harness.ts';
import { type Disk, emptyDisk, memoryRecords } from './memory-ports.ts';
import type { World } from './world.ts';

const { add, cases } = caseList();

interface Batch {
  readonly app: string;
  readonly device_id: string;
  readonly events: readonly { readonly event_id: string; readonly type: string; readonly cause?: string }[];
}

interface Server {
  status: number;
  headers: Record<string, string>;
  isDown: boolean;
  readonly batches: Batch[];
  post: PostJson;
}

function createServer(): Server {
  const server: Server = {
    batches: [],
    headers: {},
    isDown: false,
    post: async ({ body }) => {
      if (server.isDown) throw new Error('no network');
      server.batches.push(JSON.parse(body) as Batch);
      return { headers: server.headers, status: server.status };
    },
    status: 202,
  };
  return server;
}

function queueOn(world: World, server: Server, disk: Disk, maxEvents?: number): TelemetryQueue {
  let counter = 0;
  return createTelemetryQueue({
    clock: { nowMs: () => world.time.nowMs },
    deviceId: 'device-1',
    post: (request) => server.post(request),
    random: { bytes: (length) => new Uint8Array(length).fill(counter++) },
    records: memoryRecords(disk, () => undefined),
    scope: { app: 'cafe', channel: 'production', platform: 'android' },
    url: 'https://ota.example/telemetry',
    ...(maxEvents === undefined ? {} : { maxEvents }),
  });
}

add('telemetry: the way of an update is told, in order, in one batch', async (world) => {
  await publishTwo(world);
  const server = createServer();
  const device = world.device();
  const queue = queueOn(world, server, device.disk);
  const first = device.start();
  queue.attach(first);
  await first.checkAndApply();
  const second = device.start();
  queue.attach(second);
  await second.ensureHealthyOrRollback();
  await second.markHealthy();
  const result = await queue.flush();
  same([result.sent, result.waiting], [6, 0], 'flush');
  same(
    server.batches.map(({ events }) => events.map(({ type }) => type)),
    [['check', 'patch_hit', 'download', 'install', 'launch', 'healthy']],
    'batches',
  );
});

add('telemetry: a crash is told after the fall back, with its cause', async (world) => {
  await publishTwo(world);
  const server = createServer();
  const device = world.device();
  await device.start().checkAndApply();
  for (let i = 0; i < 2; i++) {
    device.start();
    device.boot.mark('crash');
  }
  const client = device.start();
  const queue = queueOn(world, server, device.disk);
  queue.attach(client);
  await client.ensureHealthyOrRollback();
  await queue.flush();
  same(
    server.batches[0]?.events.map(({ type, cause }) => [type, cause]),
    [['crash', 'crashed']],
    'events',
  );
});

const event = (i: number): { release_id: string; type: 'launch' } => ({
  release_id: `r${i}`,
  type: 'launch',
});

add('telemetry: what could not be sent survives a restart and keeps its id', async (world) => {
  const server = createServer();
  const disk = emptyDisk();
  await queueOn(world, server, disk).add(event(1));
  server.status = 500;
  const failed = await queueOn(world, server, disk).flush();
  same([failed.sent, failed.waiting], [0, 1], 'first flush');
  server.status = 202;
  world.time.nowMs += 2 * 86_400_000;
  same((await queueOn(world, server, disk).flush()).sent, 1, 'sent');
  same(server.batches[0]?.events[0]?.event_id, server.batches[1]?.events[0]?.event_id, 'event id');
});

add(
  'telemetry: 429 with Retry-After is honoured, capped at a day; a clock that jumps back does not silence it',
  async (world) => {
    const server = createServer();
    const disk = emptyDisk();
    const queue = queueOn(world, server, disk);
    await queue.add(event(1));
    server.status = 429;
    server.headers = { 'retry-after': '600' };
    await queue.flush();
    await queue.flush();
    same(server.batches.length, 1, 'posts while waiting');
    world.time.nowMs += 601_000;
    server.headers = { 'retry-after': '99999999' };
    const { notBeforeMs } = await queue.flush();
    same((notBeforeMs ?? 0) - world.time.nowMs, 86_400_000, 'cap');
    world.time.nowMs -= 10 * 365 * 86_400_000;
    server.status = 202;
    same((await queue.flush()).sent, 1, 'sent after the clock jumped back');
  },
);

add(
  'telemetry: too many events: the oldest go, and are counted; batches keep to the limits',
  async (world) => {
    const server = createServer();
    const queue = queueOn(world, server, emptyDisk(), 52);
    for (let i = 0; i < 56; i++) await queue.add(event(i));
    same((await queue.flush()).sent, 52, 'sent');
    same(
      server.batches.map(({ events }) => events.length),
      [50, 2],
      'batches',
    );
    same(await queue.dropped(), 4, 'dropped');
  },
);

add('telemetry: what the server refuses for good does not block the rest', async (world) => {
  const server = createServer();
  const queue = queueOn(world, server, emptyDisk());
  await queue.add(event(1));
  server.status = 400;
  const { refused, waiting } = await queue.flush();
  same([refused, waiting], [1, 0], 'refused, waiting');
});

add('telemetry: events that come while a batch is under way are not lost', async (world) => {
  const server = createServer();
  const queue = queueOn(world, server, emptyDisk());
  await queue.add(event(1));
  const { post } = server;
  let late: Promise<void> | undefined;
  server.post = async (request) => {
    late ??= queue.add(event(2));
    await late;
    return post(request);
  };
  const [first, shared] = await Promise.all([queue.flush(), queue.flush()]);
  same([first === shared, first.sent, first.waiting], [true, 2, 0], 'flush');
  same(
    server.batches.map(({ events }) => events.length),
    [1, 1],
    'batches',
  );
});

add('telemetry: without a network events wait', async (world) => {
  const server = createServer();
  server.isDown = true;
  const queue = queueOn(world, server, emptyDisk());
  await queue.add(event(1));
  const { sent, waiting, notBeforeMs } = await queue.flush();
  same([sent, waiting, (notBeforeMs ?? 0) > world.time.nowMs], [0, 1, true], 'flush');
});

export const telemetryCases = cases;
