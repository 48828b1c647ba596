// docs/recipes/event-sink.md: telemetry ends up in a real ClickHouse.
import { generateKeyPair } from '@kivyx-ota/cose/sign';
import { sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { createApiKey } from '@kivyx-ota/server';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { CLICKHOUSE_TABLE, clickhouseSink } from '../src/clickhouse-sink.ts';
import { createApp } from '../src/create-app.ts';
import { openDatabase } from '../src/open-database.ts';
import { publishTo } from '../src/publish.ts';
import { startClickhouse } from './clickhouse-server.ts';

const clickhouse = await startClickhouse();
if (clickhouse === undefined) {
  if (process.env['CI'] !== undefined) throw new Error('CI must have ClickHouse (apt: clickhouse-server)');
  console.warn('Skipped: the event sink on ClickHouse, which is not installed (apt: clickhouse-server)');
}
const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;

describe.skipIf(clickhouse === undefined)('the event sink', () => {
  it('forwards every event once, and a ClickHouse that is away costs the device nothing', async () => {
    if (clickhouse === undefined) return;
    const disk = mkdtempSync(join(tmpdir(), 'kivyx-sink-'));
    const keys = generateKeyPair();
    const { close, database } = await openDatabase(`sqlite:${join(disk, 'ota.db')}`);
    const directory = join(disk, 'bucket');
    await clickhouse.query(CLICKHOUSE_TABLE);
    const server = createApp(
      {
        clickhouseUrl: clickhouse.url,
        deviceSecret: new Uint8Array(32).fill(7),
        directory,
        indexKeyPem: keys.privateKeyPem,
        project: 'acme',
        releaseKeyPems: [keys.publicKeyPem],
      },
      database,
    ).listen(0);
    const told = vi.spyOn(console, 'error').mockImplementation(() => {});
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ota/`;
      const { key: apiKey } = await createApiKey(
        database,
        { label: 'ci', scopes: ['publish'] },
        { actor: 'test', nowMs: Date.now() },
      );
      const { releaseId, versionCode } = await publishTo(
        {
          apiKey,
          baseUrl,
          directory,
          releaseKeyPem: keys.privateKeyPem,
          releasePublicKeyPem: keys.publicKeyPem,
          scope: SCOPE,
        },
        sampleRelease('1.0.0'),
      );
      const { project: _, ...channel } = SCOPE;
      const tell = (device_id: string, event_type: string): Promise<Response> =>
        fetch(`${baseUrl}telemetry`, {
          body: JSON.stringify({ ...channel, device_id, event_type, version_code: versionCode }),
          headers: { 'content-type': 'application/json' },
          method: 'POST',
        });
      for (const [device, type] of [
        ['a', 'install'],
        ['a', 'crash'],
        ['b', 'install'],
        // The same again: one event.
        ['b', 'install'],
      ] as const)
        expect((await tell(device, type)).status).toBe(202);
      const rows = () =>
        clickhouse.query(
          `select type, count(), uniq(device_hash) from ota_events where release_id = '${releaseId}' and channel = 'acme/cafe/android/production' and at > now() - 60 group by type order by type`,
        );
      await vi.waitFor(async () => expect(await rows()).toBe('crash\t1\t1\ninstall\t2\t2'), 5000);
      expect(told).not.toHaveBeenCalled();

      await clickhouse.query('drop table ota_events');
      expect((await tell('c', 'install')).status).toBe(202);
      await vi.waitFor(() => expect(String(told.mock.calls[0]?.[0])).toContain('ClickHouse: '), 5000);
    } finally {
      told.mockRestore();
      server.closeAllConnections();
      server.close();
      await close();
      await clickhouse.stop();
      rmSync(disk, { force: true, recursive: true });
    }
  }, 60_000);
  it('sends name and password as headers, never in the address', () => {
    const asked = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(''));
    void clickhouseSink('https://ota:p%40ss@clickhouse.example:8443/')([]);
    const [address, init] = asked.mock.calls[0] ?? [];
    asked.mockRestore();
    expect(String(address)).not.toContain('p@ss');
    expect(String(address)).not.toContain('p%40ss');
    expect(init?.headers).toMatchObject({ 'x-clickhouse-key': 'p@ss', 'x-clickhouse-user': 'ota' });
  });
});
