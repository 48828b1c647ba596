// Node's ports under the conformance cases, and for every case an adapter that breaks just that one.
import type { FilesPort, HttpPort, RecordsPort } from '@kivyx-ota/client';
import { nodeFiles, nodeHttp, nodeRecords } from '@kivyx-ota/client/node';
import type { ConformanceCase } from '@kivyx-ota/conformance';
import {
  downloadPortCases,
  type DownloadsPair,
  filesPortCases,
  httpPortCases,
  recordsPortCases,
} from '@kivyx-ota/conformance/client';
import { serveHttpScript, type ScriptServer } from '@kivyx-ota/conformance/client-server';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROKEN_DOWNLOADS, BROKEN_FILES, BROKEN_HTTP, BROKEN_RECORDS } from './suite/broken-ports.ts';
import { portDownloads } from './suite/port-downloads.ts';

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'kivyx-ports-'));
  folders.push(made);
  return made;
}

let server: ScriptServer;
beforeAll(async () => {
  server = await serveHttpScript();
});
afterAll(async () => {
  await server.close();
  for (const one of folders) rmSync(one, { force: true, recursive: true });
});

interface Kit<Port> {
  readonly cases: (create: () => Port) => readonly ConformanceCase[];
  readonly good: () => Port;
  readonly broken: Readonly<Record<string, (good: Port) => Port>>;
}

/** The origin is known only when the server listens; cases are listed before. */
const late = (build: () => readonly ConformanceCase[]) => (id: string) =>
  build()
    .find((one) => one.id === id)
    ?.run() ?? Promise.reject(new Error(`no case ${id}`));

function hold<Port>(name: string, { broken, cases, good }: Kit<Port>): void {
  const listed = cases(good).map(({ id, title }) => ({ id, title }));
  describe(name, () => {
    it.each(listed)('$title', async ({ id }) => late(() => cases(good))(id));
  });
  describe(`${name}: what the kit catches`, () => {
    it('there is a broken adapter for every case', () => {
      expect(Object.keys(broken).sort()).toEqual(listed.map(({ id }) => id).sort());
    });
    // Some cases measure time; on a machine that is busy with something else the clock decides too.
    it.concurrent.each(Object.keys(broken))('%s', { retry: 2 }, async (id) => {
      const failed: string[] = [];
      await Promise.all(
        cases(() => broken[id]?.(good()) as Port).map(async (one) => {
          await one.run().catch((error: unknown) => {
            expect(error, one.id).toBeInstanceOf(Error);
            failed.push(one.id);
          });
        }),
      );
      expect(failed).toEqual([id]);
    });
  });
}

hold<FilesPort>('files', {
  broken: BROKEN_FILES,
  cases: (create) => filesPortCases({ create }),
  good: () => nodeFiles(folder()),
});

hold<{ directory: string; wrap: (records: RecordsPort) => RecordsPort }>('records', {
  broken: Object.fromEntries(
    Object.entries(BROKEN_RECORDS).map(([id, wrap]) => [id, (good) => ({ ...good, wrap })]),
  ),
  cases: (create) =>
    recordsPortCases({
      create: () => {
        const { directory, wrap } = create();
        return { records: wrap(nodeRecords(directory)), reopen: () => wrap(nodeRecords(directory)) };
      },
    }),
  good: () => ({ directory: folder(), wrap: (records) => records }),
});

hold<HttpPort>('http', {
  broken: BROKEN_HTTP,
  cases: (create) => httpPortCases({ create, origin: server?.origin ?? '' }),
  good: nodeHttp,
});

hold<DownloadsPair>('downloads, over the other two ports', {
  broken: BROKEN_DOWNLOADS,
  cases: (create) => downloadPortCases({ create, origin: server?.origin ?? '' }),
  good: () => {
    const files = nodeFiles(folder());
    return { downloads: portDownloads(nodeHttp(), files), files };
  },
});
