import { memoryDatabase } from '@kivyx-ota/database';
import {
  apiKeyAuthentication,
  type ApiKeyGrant,
  createApiKey,
  type RateLimitRequest,
} from '@kivyx-ota/server';
import { describe, expect, it } from 'vitest';
import { type RouteDescription, ROUTES } from '../src/http/routes.ts';
import { BODY, createWorld } from './world.ts';

const QUERY = new URLSearchParams(BODY).toString();
const SCOPES = ['read', 'rollout', 'publish', 'keys'] as const;
// From the table that the router is made of: a route that is added is in the matrix.
const ALL = Object.entries(ROUTES as Record<string, RouteDescription>).map(([name, route]) => ({
  ...route,
  method: route.method.toUpperCase(),
  name,
  path: `${route.path.replaceAll(':id', '0000000000000000')}${route.query === undefined ? '' : `?${QUERY}`}`,
}));
const SCOPED = ALL.flatMap(({ method, path, scope }) =>
  scope === undefined ? [] : [[method, path, scope] as const],
);

describe('authorisation matrix', () => {
  it('what needs no key is what devices and probes ask, and nothing else', () => {
    expect(ALL.filter(({ scope }) => scope === undefined).map(({ name }) => name)).toEqual([
      'health',
      'index',
      'openapi',
      'telemetry',
      'update',
    ]);
  });

  it.each(SCOPED)('%s %s needs %s', async (method, path, needed) => {
    const world = await createWorld();
    const ask = async (authorization?: string): Promise<number> =>
      (
        await world.server.handle(
          new Request(`https://ota.example${path}`, {
            ...(method === 'POST' ? { body: '{}' } : {}),
            headers: authorization === undefined ? {} : { authorization },
            method,
          }),
        )
      ).status;
    for (const scope of SCOPES) {
      const status = await ask(`Bearer ${await world.key([scope])}`);
      if (scope === needed) expect([200, 400, 404]).toContain(status);
      else expect(status).toBe(403);
    }
    const good = await world.key([...SCOPES]);
    const [, id = '', secret = ''] = /^kvx_([^_]+)_(.+)$/.exec(good) ?? [];
    for (const bad of [
      undefined,
      '',
      'Bearer',
      `Basic ${btoa(`x:${good}`)}`,
      `Bearer kvx_${id}_${'A'.repeat(43)}`,
      `Bearer kvx_${'0'.repeat(16)}_${secret}`,
      `Bearer kvx_${id}_${secret.slice(1)}`,
      `Bearer ${good} x`,
    ])
      expect(await ask(bad)).toBe(401);
    await world.database.revokeApiKey(id, 1, { action: 'x', actor: 'x', atMs: 1, subject: 'keys' });
    expect(await ask(`Bearer ${good}`)).toBe(401);
  });

  it('a key for one app is refused for others', async () => {
    const world = await createWorld();
    const release = await world.publish('1.0.0');
    const mine = await world.key(['rollout', 'read'], ['cafe']);
    const other = await world.key(['rollout', 'read'], ['shop']);
    const body = { ...BODY, percent: 5, release_id: release.releaseId };
    expect((await world.post('/rollout', body, mine)).status).toBe(200);
    expect((await world.post('/rollout', body, other)).status).toBe(403);
    expect((await world.get(`/releases?${QUERY}`, { authorization: `Bearer ${other}` })).status).toBe(403);
  });

  it('other identities by the port, with the keys of the database behind them', async () => {
    const database = memoryDatabase();
    const byApiKey = apiKeyAuthentication(database);
    const world = await createWorld({
      authenticate: async (request) =>
        request.headers.get('authorization') === 'Bearer a.jwt.of-ci'
          ? { apps: ['cafe'], id: 'ci:acme/app', scopes: ['rollout', 'publish'] }
          : byApiKey(request),
      database,
    });
    const release = await world.upload('1.0.0');
    expect((await world.post('/releases', { ...BODY, release }, 'a.jwt.of-ci')).status).toBe(201);
    expect((await world.post('/releases', { ...BODY, app: 'shop', release }, 'a.jwt.of-ci')).status).toBe(
      403,
    );
    expect((await world.post('/releases', { ...BODY, release }, 'another.jwt')).status).toBe(401);
    const audit = await world.get(`/audit?${QUERY}`, {
      authorization: `Bearer ${await world.key(['read'])}`,
    });
    expect((await audit.json()).entries[0]).toMatchObject({ action: 'publish', actor: 'ci:acme/app' });
  });

  it('the rate limit of the host is asked about who, and from where', async () => {
    const asked: RateLimitRequest[] = [];
    const world = await createWorld({
      authenticate: async () => ({ id: 'ada', scopes: ['read'] }),
      rateLimit: (request) => {
        asked.push(request);
        return asked.length > 1 ? 7 : undefined;
      },
    });
    const ask = () =>
      world.server.handle(new Request(`https://ota.example/audit?${QUERY}`), { address: '192.0.2.7' });
    expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    expect(asked[0]).toEqual({ address: '192.0.2.7', route: 'admin', subject: 'ada' });
  });

  it('no key is made for nobody, or for a scope that is none', async () => {
    const database = memoryDatabase();
    const made = { actor: 'test', nowMs: 1 };
    for (const grant of [
      { label: '', scopes: ['read'] },
      { label: 'ci', scopes: [] },
      { label: 'ci', scopes: ['read', 'everything'] },
    ] as unknown as ApiKeyGrant[])
      await expect(createApiKey(database, grant, made)).rejects.toThrow(TypeError);
    expect((await database.listAudit('keys')).items).toEqual([]);
  });

  it('a key cannot make one that may do more than itself, or elsewhere', async () => {
    const world = await createWorld();
    const key = await world.key(['keys', 'read'], ['cafe']);
    expect((await world.post('/keys', { apps: ['cafe'], label: 'ok', scopes: ['read'] }, key)).status).toBe(
      201,
    );
    expect(
      (await world.post('/keys', { apps: ['cafe'], label: 'more', scopes: ['publish'] }, key)).status,
    ).toBe(403);
    expect(
      (await world.post('/keys', { apps: ['shop'], label: 'elsewhere', scopes: ['read'] }, key)).status,
    ).toBe(403);
    expect((await world.post('/keys', { label: 'everywhere', scopes: ['read'] }, key)).status).toBe(403);
  });
});
