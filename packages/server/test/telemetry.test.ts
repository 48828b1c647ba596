import { subnetOf } from '@kivyx-ota/server';
import { memoryDatabase } from '@kivyx-ota/database';
import { estimateAdoption, planBases } from '@kivyx-ota/publisher';
import { describe, expect, it, vi } from 'vitest';
import { BODY, createWorld, SCOPE, updatePath, type World } from './world.ts';

const counts = async (world: World, releaseId: string): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await world.database.readCounts(SCOPE, releaseId)).map(({ mark, devices }) => [mark, devices]),
  );

let next = 0;
function batch(releaseId: string, type: string, device = 'device-1', change = {}): object {
  return {
    ...BODY,
    device_id: device,
    events: [
      { at_seconds: 1_790_000_000, event_id: `event-${next++}-x`, release_id: releaseId, type, ...change },
    ],
  };
}

describe('POST /telemetry', () => {
  it('31: metrics count each device once, whatever it sends', async () => {
    const world = await createWorld();
    const { releaseId } = await world.publish('1.0.0');
    const once = batch(releaseId, 'healthy');
    for (const [body, expected] of [
      [once, { accepted: 1, ignored: 0 }],
      [once, { accepted: 1, ignored: 0 }],
      [batch(releaseId, 'healthy'), { accepted: 1, ignored: 0 }],
      [batch(releaseId, 'crash'), { accepted: 1, ignored: 0 }],
      [batch(releaseId, 'crash'), { accepted: 1, ignored: 0 }],
      [batch(releaseId, 'healthy', 'device-2'), { accepted: 1, ignored: 0 }],
    ] as const) {
      const response = await world.post('/telemetry', body);
      expect(response.status).toBe(202);
      expect(await response.json()).toEqual(expected);
    }
    expect(await counts(world, releaseId)).toEqual({ crash: 1, exposed: 2, failed: 1, healthy: 2 });
    const key = await world.key(['read']);
    const text = await (await world.get('/metrics', { authorization: `Bearer ${key}` })).text();
    expect(text).toContain(
      `kivyx_release_devices{app="cafe",channel="production",mark="healthy",platform="android",release="${releaseId}"} 2`,
    );
  });

  it('an event is stored once, however often its device sends it; others may use the same id', async () => {
    const sunk: string[] = [];
    const world = await createWorld({
      eventSink: (events) => void sunk.push(...events.map(({ eventId }) => eventId)),
    });
    const { releaseId } = await world.publish('1.0.0');
    // A device may have set its clock before it sends again.
    const sent = [
      ['device-1', 1_790_000_000],
      ['device-1', 1_790_000_000],
      ['device-2', 1_790_000_000],
      ['device-1', 1_790_000_777],
    ] as const;
    for (const [device, at_seconds] of sent)
      await world.post(
        '/telemetry',
        batch(releaseId, 'launch', device, { at_seconds, event_id: 'event-of-mine' }),
      );
    expect(new Set(sunk).size).toBe(2);
    const authorization = `Bearer ${await world.key(['read'])}`;
    const text = await (await world.get('/metrics', { authorization })).text();
    expect(text).toContain('kivyx_telemetry_events_total{outcome="accepted"} 2');
    expect(text).toContain('kivyx_telemetry_events_total{outcome="duplicate"} 2');
  });

  it('32: fake crash reports from one subnet reach the guardrail as a few devices', async () => {
    const world = await createWorld({ guardedDevicesPerSubnet: 5 });
    const { releaseId } = await world.publish('1.0.0');
    for (let i = 0; i < 200; i++)
      await world.post('/telemetry', batch(releaseId, 'crash', `fake-${i}`), undefined, `203.0.113.${i}`);
    for (let i = 0; i < 40; i++)
      await world.post('/telemetry', batch(releaseId, 'healthy', `real-${i}`), undefined, `198.51.${i}.9`);
    expect(await counts(world, releaseId)).toMatchObject({ crash: 200, exposed: 45, failed: 5 });
  });

  it('takes the simple body of clients written by hand, once per hour and type', async () => {
    const world = await createWorld();
    const { releaseId, versionCode } = await world.publish('1.0.0');
    const simple = { ...BODY, device_id: 'd', event_type: 'apply', version_code: versionCode };
    expect(await (await world.post('/telemetry', simple)).json()).toMatchObject({ accepted: 1 });
    expect(await (await world.post('/telemetry', simple)).json()).toEqual({ accepted: 1, ignored: 0 });
    expect(await (await world.post('/telemetry', { ...simple, version_code: 999 })).json()).toMatchObject({
      ignored: 1,
    });
    expect(await counts(world, releaseId)).toEqual({ launch: 1 });
  });

  it('stores no device id, and says which events came with a valid ticket', async () => {
    const stored: { ticketed: unknown; device: string }[] = [];
    const world = await createWorld({
      eventSink: (events) => {
        for (const { detail, deviceHash } of events)
          stored.push({ device: deviceHash, ticketed: detail?.['ticketed'] });
      },
    });
    const { releaseId } = await world.publish('1.0.0');
    const { ticket } = await (await world.get(updatePath())).json();
    await world.post('/telemetry', batch(releaseId, 'install', 'device-1', { ticket }));
    await world.post('/telemetry', batch(releaseId, 'install', 'device-2', { ticket }));
    await world.post('/telemetry', batch(releaseId, 'launch', 'device-1', { ticket: `9${ticket}` }));
    world.clock.advance(7 * 86_400);
    await world.post('/telemetry', batch(releaseId, 'healthy', 'device-1', { ticket }));
    expect(stored.map(({ ticketed }) => ticketed)).toEqual([true, false, false, false]);
    expect(JSON.stringify(stored)).not.toContain('device-1');
    expect(stored[0]?.device).toBe(stored[2]?.device);
  });

  it('a sink that fails costs the device nothing', async () => {
    const world = await createWorld({ eventSink: () => Promise.reject(new Error('away')) });
    const { releaseId } = await world.publish('1.0.0');
    expect((await world.post('/telemetry', batch(releaseId, 'healthy'))).status).toBe(202);
  });

  it('a sink that hangs holds nobody longer than five seconds', async () => {
    vi.useFakeTimers();
    try {
      const errors: unknown[] = [];
      const world = await createWorld({
        eventSink: () => new Promise<never>(() => undefined),
        onError: (error) => errors.push(error),
      });
      const { releaseId } = await world.publish('1.0.0');
      const first = world.post('/telemetry', batch(releaseId, 'healthy'));
      await vi.advanceTimersByTimeAsync(5010);
      expect((await first).status).toBe(202);
      expect(errors.map(String)).toEqual(['Error: The event sink took longer than 5000 ms']);
      expect(await counts(world, releaseId)).toMatchObject({ healthy: 1 });
    } finally {
      vi.useRealTimers();
    }
  });

  it('is bounded: 51 events, 16 KiB and one byte, unknown members and types are refused', async () => {
    const world = await createWorld();
    const { releaseId } = await world.publish('1.0.0');
    const one = (batch(releaseId, 'healthy') as { events: object[] }).events[0] as object;
    const many = (n: number) => ({
      ...BODY,
      device_id: 'd',
      events: Array.from({ length: n }, (_, i) => ({ ...one, event_id: `event-${i}-y` })),
    });
    expect((await world.post('/telemetry', many(50))).status).toBe(202);
    expect((await world.post('/telemetry', many(51))).status).toBe(400);
    expect((await world.post('/telemetry', ' '.repeat(16_385))).status).toBe(413);
    expect((await world.post('/telemetry', batch(releaseId, 'exploded'))).status).toBe(400);
    expect((await world.post('/telemetry', batch(releaseId, 'crash', 'd', { password: 'x' }))).status).toBe(
      400,
    );
  });

  it('one device is slowed down with Retry-After, others are not', async () => {
    const world = await createWorld();
    const { releaseId } = await world.publish('1.0.0');
    const statuses: number[] = [];
    for (let i = 0; i < 31; i++)
      statuses.push((await world.post('/telemetry', batch(releaseId, 'check'))).status);
    expect(statuses.slice(0, 30).every((status) => status === 202)).toBe(true);
    const refused = await world.post('/telemetry', batch(releaseId, 'check'));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBe(5);
    expect((await world.post('/telemetry', batch(releaseId, 'check', 'other'))).status).toBe(202);
    world.clock.advance(5);
    expect((await world.post('/telemetry', batch(releaseId, 'check'))).status).toBe(202);
  });

  it('a flood gets 503 with Retry-After while the index is served', async () => {
    const world = await createWorld({ maxInFlight: { telemetry: 2 } });
    const { releaseId } = await world.publish('1.0.0');
    const flood = await Promise.all(
      Array.from({ length: 20 }, (_, i) => world.post('/telemetry', batch(releaseId, 'check', `d${i}`))),
    );
    const refused = flood.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused[0]?.headers.get('retry-after')).toBe('10');
    expect((await world.get('/v1/apps/cafe/android/production/index')).status).toBe(200);
    expect((await world.post('/telemetry', batch(releaseId, 'check', 'later'))).status).toBe(202);
  });

  it('refused telemetry is told so a moment later, so that a sender that waits for answers sends less; others at once', async () => {
    vi.useFakeTimers();
    try {
      const database = { ...memoryDatabase(), recordEvents: () => new Promise<never>(() => undefined) };
      const world = await createWorld({ database, maxInFlight: { check: 1, telemetry: 1 } });
      const { releaseId } = await world.publish('1.0.0');
      void world.post('/telemetry', batch(releaseId, 'check'));
      let answers = 0;
      for (let i = 0; i < 1001; i++)
        void world.post('/telemetry', batch(releaseId, 'check', `d${i}`)).then(({ status }) => {
          if (status === 503) answers++;
        });
      await vi.advanceTimersByTimeAsync(249);
      // No more than a thousand wait: memory is bounded.
      expect(answers).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(answers).toBe(1001);
      const [first, second] = await Promise.all([world.get(updatePath()), world.get(updatePath())]);
      expect([first?.status, second?.status]).toEqual([200, 503]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('events go when their time is over', async () => {
    const world = await createWorld({ eventRetentionSeconds: 100 });
    const { releaseId } = await world.publish('1.0.0');
    const body = batch(releaseId, 'healthy');
    await world.post('/telemetry', body);
    world.clock.advance(101);
    await world.post('/telemetry', batch(releaseId, 'check'));
    expect(await world.database.removeExpired(world.clock.nowMs() / 1000, 10)).toBe(0);
    expect(await counts(world, releaseId)).toMatchObject({ healthy: 1 });
  });

  it('removes what has expired faster than it writes, however much comes', async () => {
    const database = memoryDatabase();
    const removed: number[] = [];
    const world = await createWorld({
      database: {
        ...database,
        removeExpired: async (...args) => {
          const count = await database.removeExpired(...args);
          removed.push(count);
          return count;
        },
      },
      eventRetentionSeconds: 100,
      rateLimit: () => undefined,
    });
    const { releaseId } = await world.publish('1.0.0');
    const send = (round: string): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          world.post('/telemetry', {
            ...BODY,
            device_id: `d${i}`,
            events: Array.from({ length: 50 }, (_unused, k) => ({
              at_seconds: 1_790_000_000,
              event_id: `event-${round}-${k}`,
              release_id: releaseId,
              type: 'check',
            })),
          }),
        ),
      );
    await send('a');
    world.clock.advance(101);
    await send('b');
    // 600 expired events are gone after 600 others, within the same minute.
    expect(removed.reduce((sum, one) => sum + one, 0)).toBe(600);
  });

  it('a body that drips gives its place back after ten seconds', async () => {
    vi.useFakeTimers();
    try {
      const world = await createWorld({ maxInFlight: { telemetry: 1 } });
      const slow = world.server.handle(
        new Request('https://ota.example/telemetry', {
          body: new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }),
          duplex: 'half',
          method: 'POST',
        } as RequestInit),
      );
      const refused = world.post('/telemetry', {});
      await vi.advanceTimersByTimeAsync(250);
      expect((await refused).status).toBe(503);
      await vi.advanceTimersByTimeAsync(10_000);
      expect((await slow).status).toBe(400);
      expect((await world.post('/telemetry', {})).status).toBe(400);
    } finally {
      vi.useRealTimers();
    }
  });

  it('adoption over time and the funnel of a release', async () => {
    const world = await createWorld();
    const { releaseId } = await world.publish('1.0.0');
    const key = await world.key(['read']);
    for (const [device, type] of [
      ['a', 'install'],
      ['b', 'install'],
      ['a', 'healthy'],
    ] as const)
      await world.post('/telemetry', batch(releaseId, type, device));
    const ask = async (path: string) =>
      (
        await world.get(`/releases/${releaseId}/${path}?${new URLSearchParams(BODY)}`, {
          authorization: `Bearer ${key}`,
        })
      ).json();
    expect((await ask('funnel')).devices).toEqual({ exposed: 1, healthy: 1, install: 2 });
    expect(
      (await ask('adoption')).hours.find(({ mark }: { mark: string }) => mark === 'install'),
    ).toMatchObject({ devices: 2 });
  });

  it('a release of which nobody has told has an empty funnel; one that does not exist has none', async () => {
    const world = await createWorld();
    const { releaseId } = await world.publish('1.0.0');
    const key = await world.key(['read']);
    const ask = (id: string, path: string, channel = BODY.channel) =>
      world.get(`/releases/${id}/${path}?${new URLSearchParams({ ...BODY, channel })}`, {
        authorization: `Bearer ${key}`,
      });
    expect(await (await ask(releaseId, 'funnel')).json()).toEqual({ devices: {} });
    expect(await (await ask(releaseId, 'adoption')).json()).toEqual({ hours: [] });
    for (const path of ['funnel', 'adoption'])
      for (const response of [await ask('1.0.0-unknown', path), await ask(releaseId, path, 'beta')]) {
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({ code: 'ERR_SERVER_NOT_FOUND', status: 404 });
      }
  });

  it('a device id with half a character is refused as any other text that is none', async () => {
    const world = await createWorld();
    const { releaseId } = await world.publish('1.0.0');
    const response = await world.post('/telemetry', batch(releaseId, 'healthy', 'device-\ud800'));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'ERR_SERVER_INPUT' });
  });
});

it('GET /metrics is in the text format of Prometheus: each metric typed once, its lines together', async () => {
  const world = await createWorld();
  const first = await world.publish('1.0.0');
  const second = await world.publish('1.0.1');
  for (const { releaseId } of [first, second])
    await world.post('/telemetry', batch(releaseId, 'healthy', 'device "1"\\'));
  await world.get('/v1/apps/cafe/android/production/index');
  await world.get('/v1/apps/cafe/ios/production/index');
  const key = await world.key(['read']);
  const response = await world.get('/metrics', { authorization: `Bearer ${key}` });
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4');
  const text = await response.text();
  expect(text.endsWith('\n')).toBe(true);
  const types = new Map<string, string>();
  let current = '';
  for (const line of text.trimEnd().split('\n')) {
    const type = /^# TYPE ([a-z_]+) (counter|gauge|histogram)$/.exec(line);
    if (type !== null) {
      expect(types.has(type[1] as string), line).toBe(false);
      types.set((current = type[1] as string), type[2] as string);
      continue;
    }
    const [, name = ''] =
      /^([a-z_]+)(?:\{[a-z]+="(?:[^"\\]|\\.)*"(?:,[a-z]+="(?:[^"\\]|\\.)*")*\})? [0-9.e+-]+$/.exec(line) ??
      [];
    expect([current, `${current}_bucket`, `${current}_sum`, `${current}_count`], line).toContain(name);
  }
  expect(Object.fromEntries(types)).toMatchObject({
    kivyx_head_reads_total: 'counter',
    kivyx_index_sequence: 'gauge',
    kivyx_release_devices: 'gauge',
    kivyx_request_seconds: 'histogram',
    kivyx_requests_in_flight: 'gauge',
    kivyx_requests_total: 'counter',
    kivyx_telemetry_events_total: 'counter',
  });
});

it('GET /adoption is what the publisher plans its patches by', async () => {
  const world = await createWorld();
  const first = await world.publish('1.0.0');
  const second = await world.publish('1.0.1');
  const third = await world.publish('1.0.2');
  for (const [release, device] of [
    [first, 'a'],
    [first, 'b'],
    [first, 'c'],
    [second, 'a'],
    [third, 'a'],
  ] as const)
    await world.post('/telemetry', batch(release.releaseId, 'healthy', device));
  await world.post('/telemetry', batch(second.releaseId, 'install', 'd'));
  const authorization = `Bearer ${await world.key(['read'])}`;
  const ask = async (more = {}): Promise<Response> =>
    world.get(`/adoption?${new URLSearchParams({ ...BODY, ...more })}`, { authorization });
  const { releases } = await (await ask()).json();
  expect(releases).toEqual(
    [third, second, first].map(({ releaseId, versionCode }, i) => ({
      devices: [1, 1, 3][i],
      releaseId,
      versionCode,
    })),
  );
  // One device is on the newest, two stayed on the first.
  expect(
    planBases({
      adoption: estimateAdoption(releases),
      count: 1,
      index: { releases: [first, second] },
      target: { launchSha256Hex: third.launchSha256Hex, runtimeVersion: '1' },
    }),
  ).toEqual([{ devices: 2, reason: 'adopted', sha256Hex: first.launchSha256Hex }]);
  expect((await (await ask({ limit: '2' })).json()).releases).toHaveLength(2);
  expect((await ask({ channel: 'nowhere' })).status).toBe(404);
  expect((await ask({ limit: '0' })).status).toBe(400);
});

it.each([
  ['203.0.113.9', '203.0.113.0/24'],
  ['::ffff:203.0.113.9', '203.0.113.0/24'],
  ['2001:db8:1:2::1', '2001:db8:1::/48'],
  ['2001:0DB8:0001::', '2001:db8:1::/48'],
  ['::1', '0:0:0::/48'],
  ['nonsense', 'unknown'],
  [undefined, 'unknown'],
])('the subnet of %s is %s', (address, subnet) => {
  expect(subnetOf(address)).toBe(subnet);
});
