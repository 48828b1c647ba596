import { describe, expect, it } from 'vitest';
import { BODY, createWorld } from './world.ts';

const QUERY = new URLSearchParams(BODY).toString();
const ROUTES = [
  ['GET', `/releases?${QUERY}`, 'read'],
  ['GET', `/releases/r/funnel?${QUERY}`, 'read'],
  ['GET', `/releases/r/adoption?${QUERY}`, 'read'],
  ['GET', `/audit?${QUERY}`, 'read'],
  ['GET', '/metrics', 'read'],
  ['POST', '/releases', 'publish'],
  ['POST', '/rollout', 'rollout'],
  ['POST', '/releases/r/pause', 'rollout'],
  ['POST', '/releases/r/resume', 'rollout'],
  ['POST', '/releases/r/revoke', 'publish'],
  ['POST', '/releases/r/promote', 'publish'],
  ['POST', '/keys', 'keys'],
  ['DELETE', '/keys/0000000000000000', 'keys'],
] as const;
const SCOPES = ['read', 'rollout', 'publish', 'keys'] as const;

describe('authorisation matrix', () => {
  it('covers every route of the document that has a scope', async () => {
    const world = await createWorld();
    const { paths } = await (await world.get('/openapi.json')).json();
    const scoped = Object.values(paths as Record<string, Record<string, { 'x-scope'?: string }>>).flatMap(
      (methods) => Object.values(methods).filter((route) => route['x-scope'] !== undefined),
    );
    expect(scoped).toHaveLength(ROUTES.length);
  });

  it.each(ROUTES)('%s %s needs %s', async (method, path, needed) => {
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
