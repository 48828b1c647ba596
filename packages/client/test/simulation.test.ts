import { createFaultyNetwork, createSimulatedTime, diskPorts } from '@kivyx-ota/client/simulation';
import { filesPortCases, recordsPortCases } from '@kivyx-ota/conformance/client';
import { createFaultyDisk, createRandom } from '@kivyx-ota/lifecycle/simulation';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadHistory } from './simulation/history.ts';
import { CLIENT_BUGS, liveWithUpdates } from './simulation/update-life.ts';

const LIVES = Number(process.env['SIMULATION_UPDATES'] ?? 200);
const hashHex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('the whole client, in simulation', () => {
  it('is deterministic', async () => {
    const history = await loadHistory();
    for (let seed = 1; seed <= 5; seed++)
      expect(await liveWithUpdates({ hashHex, history, seed })).toEqual(
        await liveWithUpdates({ hashHex, history, seed }),
      );
  }, 60_000);

  it(`breaks no invariant in ${LIVES} lives, and updates by patches in them`, async () => {
    const history = await loadHistory();
    const violations: string[] = [];
    let [downloads, patches] = [0, 0];
    for (let seed = 1; seed <= LIVES; seed++) {
      const outcome = await liveWithUpdates({ hashHex, history, seed });
      if (outcome.violation !== undefined) violations.push(`seed ${seed}: ${outcome.violation}`);
      downloads += outcome.downloads;
      patches += outcome.patches;
    }
    expect(violations).toEqual([]);
    // Otherwise the faults would have left nothing to be interrupted.
    expect(downloads).toBeGreaterThan(LIVES * 2);
    expect(patches).toBeGreaterThan(LIVES);
  }, 300_000);

  it.each(CLIENT_BUGS)(
    'notices a planted bug within 100 lives: %s',
    async (bug) => {
      const history = await loadHistory();
      let violation: string | undefined;
      for (let seed = 1; seed <= 100 && violation === undefined; seed++)
        ({ violation } = await liveWithUpdates({ bug, hashHex, history, seed }));
      const broken = {
        'clean-up-keeps-nothing': 'I9',
        'files-are-not-hashed': 'I1',
        'folder-renamed-unflushed': 'I1',
        'index-order-forgotten': 'I6',
        'probation-by-the-wall-clock': 'I13',
        'throws-what-it-likes': 'I3',
      }[bug];
      expect(violation).toMatch(new RegExp(`^${broken}: `));
    },
    60_000,
  );
});

describe('the disk of the kit, as the ports of a client', () => {
  const ports = (disk = createFaultyDisk(createRandom(1))) => diskPorts(disk);
  it.each(filesPortCases({ create: () => ports().files }))('files: $title', async ({ run }) => run());
  it.each(
    recordsPortCases({
      create: () => {
        const disk = createFaultyDisk(createRandom(1));
        return { records: ports(disk).records, reopen: () => ports(disk).records };
      },
    }),
  )('records: $title', async ({ run }) => run());

  it('are of no use to a process that is gone, although the next one has the same disk', async () => {
    const disk = createFaultyDisk(createRandom(1));
    const old = ports(disk);
    await old.files.write('a', Uint8Array.of(1));
    disk.crashAt = [disk.steps + 1];
    await expect(old.files.write('b', Uint8Array.of(2))).rejects.toThrow('the phone died');
    disk.dead = false;
    await expect(old.files.read('a')).rejects.toThrow('the process is gone');
    expect(await ports(disk).files.list('tmp')).toEqual([]);
  });
});

describe('the network of the kit', () => {
  const base = 'https://cdn.example/';
  const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i);
  const make = (seed = 1) =>
    createFaultyNetwork(
      createRandom(seed),
      base,
      (path) => (path === 'file' ? { bytes, etag: '"tag"' } : undefined),
      createSimulatedTime(0),
    );
  const get = (network: ReturnType<typeof make>, headers: Record<string, string> = {}, path = 'file') =>
    network.http.get({ headers, idleTimeoutMs: 1000, maxSizeBytes: 10_000, url: `${base}${path}` });

  it('answers whole, in parts, unchanged, and not found', async () => {
    const network = make();
    expect((await get(network)).body).toEqual(bytes);
    const part = await get(network, { 'if-range': '"tag"', range: 'bytes=4000-' });
    expect([part.status, part.body, part.headers['content-range']]).toEqual([
      206,
      bytes.slice(4000),
      'bytes 4000-4999/5000',
    ]);
    expect((await get(network, { 'if-range': '"old"', range: 'bytes=4000-' })).status).toBe(200);
    expect((await get(network, { 'if-none-match': '"tag"' })).status).toBe(304);
    expect((await get(network, {}, 'other')).status).toBe(404);
  });

  it.each([
    ['unreachable', 'error'],
    ['breaks', 'error'],
    ['cut-off', 'short'],
    ['bit-flip', 'changed'],
    ['captive-portal', 'changed'],
    ['busy', 'status'],
    ['redirect', 'status'],
  ] as const)('%s: %s', async (fault, expected) => {
    const network = make(7);
    network.faults = [fault];
    network.oneIn = 1;
    const seen = await get(network).then(
      ({ body, status }) =>
        status === 200 ? (body.length < bytes.length && fault === 'cut-off' ? 'short' : 'changed') : 'status',
      () => 'error',
    );
    expect(seen).toBe(expected);
  });
});
