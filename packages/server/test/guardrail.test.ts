import type { GuardrailPause, OtaServerOptions } from '@kivyx-ota/server';
import { describe, expect, it } from 'vitest';
import { BODY, createWorld, SCOPE, type World } from './world.ts';

const guarded = async (
  change: Partial<OtaServerOptions> = {},
): Promise<{ world: World; pauses: GuardrailPause[] }> => {
  const pauses: GuardrailPause[] = [];
  const world = await createWorld({
    guardrail: { judgeEverySeconds: 0, onPause: (pause) => void pauses.push(pause) },
    ...change,
  });
  return { pauses, world };
};
let count = 0;
const report = (
  world: World,
  releaseId: string,
  type: 'crash' | 'healthy',
  device: string,
  address: string,
): Promise<Response> =>
  world.post(
    '/telemetry',
    {
      ...BODY,
      device_id: device,
      events: [
        {
          at_seconds: Math.floor(world.clock.nowMs() / 1000),
          event_id: `event-${String(count++).padStart(8, '0')}`,
          release_id: releaseId,
          type,
        },
      ],
    },
    undefined,
    address,
  );
const statusOf = async (world: World, releaseId: string): Promise<string> => {
  world.clock.advance(2);
  const { release } = (await world.database.readRelease(SCOPE, releaseId)) as { release: { status: string } };
  return release.status;
};

describe('the guardrail', () => {
  it('pauses a release that crashes on many devices, says so once, and writes down why', async () => {
    const { pauses, world } = await guarded();
    const { releaseId } = await world.publish('1.0.0');
    for (let i = 0; i < 40; i++)
      await report(world, releaseId, i % 2 === 0 ? 'crash' : 'healthy', `d${i}`, `198.51.${i}.7`);
    expect(await statusOf(world, releaseId)).toBe('paused');
    expect(pauses).toHaveLength(1);
    const [{ judgement, release, scope }] = pauses as [GuardrailPause];
    expect([judgement.rule, release.releaseId, scope.channel]).toEqual([
      'sequential',
      releaseId,
      'production',
    ]);
    const { items } = await world.database.listAudit('acme/cafe/android/production');
    expect(items[0]).toMatchObject({
      action: 'pause',
      actor: 'guardrail',
      detail: { exposed: judgement.exposed, failed: judgement.failed, rule: 'sequential' },
    });
    const index = await world.get('/v1/apps/cafe/android/production/index');
    expect(index.status).toBe(200);
  });

  it('a device that crashes all the time is one device', async () => {
    const { pauses, world } = await guarded();
    const { releaseId } = await world.publish('1.0.0');
    for (let i = 0; i < 60; i++) {
      await report(world, releaseId, 'crash', 'd1', `198.51.${i}.7`);
      world.clock.advance(60);
    }
    expect([await statusOf(world, releaseId), pauses.length]).toEqual(['active', 0]);
  });

  it('32: fake crash reports from one subnet do not pause a release, however many devices they claim to be', async () => {
    const { pauses, world } = await guarded();
    const { releaseId } = await world.publish('1.0.0');
    for (let hour = 0; hour < 3; hour++) {
      for (let i = 0; i < 60; i++)
        await report(world, releaseId, 'crash', `fake-${hour}-${i}`, '203.0.113.5');
      for (let i = 0; i < 40; i++)
        await report(world, releaseId, 'healthy', `real-${hour}-${i}`, `198.51.${i}.${hour}`);
      world.clock.advance(3600);
    }
    expect([await statusOf(world, releaseId), pauses.length]).toEqual(['active', 0]);
  });

  it('a healthy release goes on', async () => {
    const { pauses, world } = await guarded();
    const { releaseId } = await world.publish('1.0.0');
    for (let i = 0; i < 200; i++)
      await report(world, releaseId, i % 50 === 0 ? 'crash' : 'healthy', `d${i}`, `198.${i}.1.7`);
    expect([await statusOf(world, releaseId), pauses.length]).toEqual(['active', 0]);
  });

  it('the plain threshold looks at the last hours only, where it is asked for', async () => {
    const { pauses, world } = await guarded({
      guardrail: {
        judgeEverySeconds: 0,
        policy: { distrustedGroups: 0, sequential: false, threshold: { minExposed: 10, rate: 0.3 } },
      },
    });
    const { releaseId } = await world.publish('1.0.0');
    for (let i = 0; i < 100; i++) await report(world, releaseId, 'healthy', `a${i}`, `198.${i}.1.7`);
    world.clock.advance(3 * 3600);
    for (let i = 0; i < 12; i++) await report(world, releaseId, 'crash', `b${i}`, `199.${i}.1.7`);
    expect([await statusOf(world, releaseId), pauses.length]).toEqual(['paused', 0]);
  });

  it('resumed by somebody, it is paused again when devices go on crashing; it never resumes by itself', async () => {
    const { pauses, world } = await guarded();
    const { releaseId } = await world.publish('1.0.0');
    for (let i = 0; i < 30; i++) await report(world, releaseId, 'crash', `d${i}`, `198.51.${i}.7`);
    expect(await statusOf(world, releaseId)).toBe('paused');
    for (let i = 0; i < 100; i++) await report(world, releaseId, 'healthy', `h${i}`, `198.${i}.9.7`);
    expect(await statusOf(world, releaseId)).toBe('paused');
    const key = await world.key(['rollout']);
    await world.post(`/releases/${releaseId}/resume`, BODY, key);
    await report(world, releaseId, 'crash', 'one-more', '192.0.2.9');
    expect([await statusOf(world, releaseId), pauses.length]).toEqual(['paused', 2]);
  });

  it('a pager that is away costs the device nothing', async () => {
    const errors: unknown[] = [];
    const { world } = await guarded({
      guardrail: { judgeEverySeconds: 0, onPause: () => Promise.reject(new Error('away')) },
      onError: (error) => void errors.push(error),
    });
    const { releaseId } = await world.publish('1.0.0');
    const answers = [];
    for (let i = 0; i < 30; i++)
      answers.push((await report(world, releaseId, 'crash', `d${i}`, `198.51.${i}.7`)).status);
    expect(new Set(answers)).toEqual(new Set([202]));
    expect(errors).toHaveLength(1);
    expect(await statusOf(world, releaseId)).toBe('paused');
  });

  it('group marks are nobody’s funnel', async () => {
    const { world } = await guarded();
    const { releaseId } = await world.publish('1.0.0');
    await report(world, releaseId, 'crash', 'd1', '198.51.1.7');
    const key = await world.key(['read']);
    const funnel = await world.get(`/releases/${releaseId}/funnel?${new URLSearchParams(BODY)}`, {
      authorization: `Bearer ${key}`,
    });
    expect(await funnel.json()).toEqual({ devices: { crash: 1, exposed: 1, failed: 1 } });
  });
});
