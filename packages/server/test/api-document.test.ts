import { type IndexRelease, patchKey, type PatchRef } from '@kivyx-ota/manifest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiDocument } from '../scripts/api-document.ts';
import { EXAMPLES } from '../src/http/examples.ts';
import { type RouteName, ROUTES } from '../src/http/routes.ts';
import { BODY, createWorld, updatePath, type World } from './world.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8');

it('docs/api.md is what the OpenAPI document says (packages/server/scripts/write-docs.ts writes it)', () => {
  expect(page).toBe(apiDocument());
});

it('docs/api.md has every route', () => {
  for (const { method, path } of Object.values(ROUTES))
    expect(page).toContain(`### \`${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}\``);
});

describe('the requests of docs/api.md', () => {
  const requests = [...page.matchAll(/^### `(\w+ \S+)`\n[^]*?```sh\n([^]*?)\n```/gm)].map(
    ([, route = '', command = '']) => ({ command, route }),
  );
  // Named in it is a manifest, and a patch, that nobody uploaded.
  const refused = ['POST /releases', 'POST /releases/{id}/patches'];

  it('are one for each route', () => {
    expect(requests).toHaveLength(Object.keys(ROUTES).length);
  });

  it.each(requests)('$route is understood as it stands', async ({ command, route }) => {
    const world = await createWorld();
    const { releaseId } = await world.publish('1.0.0');
    const key = await world.key(['read', 'rollout', 'publish', 'keys']);
    const id = /\/keys\//.test(route) ? /_([0-9a-f]{16})_/.exec(key)?.[1] : releaseId;
    const text = command
      .replaceAll(/1\.0\.1-2c26b46b68ff/g, route === 'POST /releases' ? '$&' : releaseId)
      .replaceAll('$ID', id ?? '')
      .replaceAll('$KEY', key)
      .replaceAll('$OTA', 'https://ota.example');
    const [, method, url = ''] = /^curl (?:-X (\w+) )?"([^"]+)"/.exec(text) ?? [];
    const headers = [...text.matchAll(/-H ["']([^:]+): ([^"']+)["']/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]);
    const body = /-d '([^']+)'/.exec(text)?.[1];
    const answer = await world.server.handle(
      new Request(url, {
        headers: Object.fromEntries(headers),
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        ...(body === undefined ? {} : { body }),
      }),
    );
    const { success } = Object.values(ROUTES).find(
      ({ method: verb, path }) => `${verb.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}` === route,
    ) as { success: number };
    // The example's device has another runtime than this world's release.
    const expected = refused.includes(route) ? 409 : route === 'GET /update' ? 204 : success;
    expect([answer.status, answer.status >= 400 && expected < 400 ? await answer.text() : '']).toEqual([
      expected,
      '',
    ]);
  });
});

/** Every member of `value` by its path; of a list, those of its first entry. */
function membersOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : membersOf(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null) return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([name, one]) => membersOf(one, `${path}.${name}`));
}

async function storePatch({ storage }: World, { launchSha256Hex }: IndexRelease): Promise<PatchRef> {
  const baseSha256Hex = 'ab'.repeat(32);
  await storage.put(patchKey(baseSha256Hex, launchSha256Hex, 'kvg1'), Uint8Array.of(1), {
    contentType: 'application/octet-stream',
  });
  return { baseSha256Hex, format: 'kvg1', sha256Hex: baseSha256Hex, sizeBytes: 1 };
}

it('the examples have the members that the routes answer with', async () => {
  const world = await createWorld();
  const first = await world.publish('1.0.0');
  const failing = await world.publish('1.0.1');
  const key = await world.key(['read', 'rollout', 'publish', 'keys']);
  const query = new URLSearchParams({ ...BODY, limit: '1' });
  const get = (path: string) => world.get(path, { authorization: `Bearer ${key}` });
  const post = (path: string, body: object) => world.post(path, { ...BODY, ...body }, key);
  const id = first.releaseId;
  const event = { at_seconds: 1_790_000_000, event_id: 'event-1-x', release_id: id, type: 'healthy' };
  const answers: [RouteName, Response][] = [
    ['health', await get('/healthz')],
    ['telemetry', await post('/telemetry', { device_id: 'd', events: [event] })],
    ['update', await get(updatePath())],
    ['rollout', await post('/rollout', { percent: 25, release_id: id })],
    ['pause', await post(`/releases/${id}/pause`, {})],
    ['resume', await post(`/releases/${id}/resume`, {})],
    ['retry', await post(`/releases/${failing.releaseId}/retry`, {})],
    ['patches', await post(`/releases/${id}/patches`, { patches: [await storePatch(world, first)] })],
    ['promote', await post(`/releases/${id}/promote`, { to_channel: 'beta' })],
    ['publish', await post('/releases', { release: await world.upload('1.0.2') })],
    ['releases', await get(`/releases?${query}`)],
    ['adoption', await get(`/releases/${id}/adoption?${new URLSearchParams(BODY)}`)],
    ['funnel', await get(`/releases/${id}/funnel?${new URLSearchParams(BODY)}`)],
    ['channelAdoption', await get(`/adoption?${query}`)],
    ['revoke', await post(`/releases/${id}/revoke`, {})],
    ['audit', await get(`/audit?${query}`)],
    ['createKey', await world.post('/keys', { label: 'ci', scopes: ['read'] }, key)],
  ];
  answers.push([
    'revokeKey',
    await world.server.handle(
      new Request(`https://ota.example/keys/${(await answers.at(-1)![1].clone().json()).id}`, {
        headers: { authorization: `Bearer ${key}` },
        method: 'DELETE',
      }),
    ),
  ]);
  expect(answers.map(([name]) => name).sort()).toEqual(Object.keys(EXAMPLES).sort());
  for (const [name, answer] of answers) {
    expect([name, answer.status]).toEqual([name, ROUTES[name].success]);
    // No release here has patches, not every audit entry a detail, and marks are those that came.
    const isFixed = (path: string): boolean => !/patches|\.detail|\.devices\./.test(path);
    expect([
      name,
      ...membersOf(await answer.json())
        .filter(isFixed)
        .sort(),
    ]).toEqual([name, ...membersOf(EXAMPLES[name]).filter(isFixed).sort()]);
  }
});
