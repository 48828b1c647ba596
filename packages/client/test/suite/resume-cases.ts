// Downloads over lines that break, servers that lie about ranges, and platforms that download into files.
import { objectKey } from '@kivyx-ota/manifest';
import type { ClientPorts, DownloadPort } from '@kivyx-ota/client';
import { caseList, check, publishTwo, refused, same, WHOLE } from './harness.ts';
import { memoryFiles } from './memory-ports.ts';
import { program, releaseInput, type World, type WorldDevice } from './world.ts';

const { add, cases } = caseList();

/** Bytes that do not compress. */
function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, x = seed; i < length; i++) {
    // Marsaglia's xorshift.
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x;
  }
  return bytes;
}

add(
  'a resumed download names the object that it continues (If-Range), once the server named it',
  async (world) => {
    await publishTwo(world);
    const seen: (string | undefined)[] = [];
    let breaks = 0;
    world.network.meddle = ({ path, headers }) => {
      if (path.indexOf('objects/') !== 0) return undefined;
      if (headers['range'] !== undefined) seen.push(headers['if-range']);
      return breaks++ === 0 ? { breakAfter: 3000 } : undefined;
    };
    await world
      .device({ client: { ...WHOLE.client, maxParallelDownloads: 1 } })
      .start()
      .checkAndApply();
    same([seen.length, seen[0]?.charAt(0)], [1, '"'], 'If-Range');
  },
);

for (const [what, headers] of [
  ['a weak tag', { etag: 'W/"weak"' }],
  ['the tag of a compressed answer', { 'content-encoding': 'br', etag: '"compressed"' }],
] as const) {
  add(`${what} says nothing about the bytes: no If-Range`, async (world) => {
    await publishTwo(world);
    const seen: (string | undefined)[] = [];
    let breaks = 0;
    world.network.meddle = ({ path, headers: asked }) => {
      if (path.indexOf('objects/') !== 0) return undefined;
      if (asked['range'] !== undefined) seen.push(asked['if-range']);
      return breaks++ === 0 ? { breakAfter: 3000, headers } : undefined;
    };
    const client = world.device({ client: { ...WHOLE.client, maxParallelDownloads: 1 } }).start();
    same((await client.checkAndApply()).updated, true, 'updated');
    same(seen, [undefined], 'If-Range');
  });
}

// regressions.md 10
add('206 after the ETag changed: the two halves are not glued together', async (world) => {
  await publishTwo(world);
  let requests = 0;
  const starts: (string | undefined)[] = [];
  world.network.meddle = ({ path, headers }) => {
    if (path.indexOf('objects/') !== 0) return undefined;
    starts.push(headers['range']);
    requests++;
    if (requests === 1) return { breakAfter: 3000 };
    return requests === 2 ? { headers: { etag: '"another"' } } : undefined;
  };
  const client = world.device({ client: { ...WHOLE.client, maxParallelDownloads: 1 } }).start();
  same((await client.checkAndApply()).updated, true, 'updated');
  same(starts.slice(0, 3), [undefined, 'bytes=3000-', undefined], 'ranges');
});

add(
  'a line that breaks every 2 kB carries a patch of any size too, also over several starts',
  async (world) => {
    const { publisher } = world;
    const launch = (version: number): Uint8Array => {
      const bytes = noise(14_000, 1);
      bytes.set(noise(6000, version), 0);
      return bytes;
    };
    await publisher.publish(releaseInput('1.0.0', { launch: { bytes: launch(1), path: 'main.js' } }));
    await publisher.publish(releaseInput('1.0.1', { launch: { bytes: launch(2), path: 'main.js' } }));
    const device = world.device({ embedded: launch(1) });
    const starts: number[] = [];
    world.network.meddle = ({ path, headers }) => {
      if (path.indexOf('patches/') !== 0) return undefined;
      starts.push(Number(/[0-9]+/.exec(headers['range'] ?? '0')?.[0]));
      // In the middle the line is gone for good, and the app is started again.
      return starts.length > 2 && starts.length < 8 ? { status: 503 } : { breakAfter: 2000 };
    };
    await refused(device.start().checkAndApply(), 'ERR_CLIENT_HTTP_STATUS');
    starts.push(-1, -1, -1, -1);
    const outcome = await device.start().checkAndApply();
    same(outcome.how, 'patch', 'how');
    same(starts.slice(0, 2), [0, 2000], 'the first start');
    check(
      starts.every((start, i) => i === 0 || start !== 0),
      `from the beginning again: ${starts.join(' ')}`,
    );
    same(
      Array.from(device.disk.files.keys()).filter((name) => /^(tmp|objects)\//.test(name)),
      [],
      'left over',
    );
  },
);

add(
  'a line that breaks while a chunk is still being written: it counts, and nothing comes twice',
  async (world) => {
    await world.publisher.publish(releaseInput('1.0.0'));
    const film = { bytes: noise(100_000, 1), path: 'assets/film.bin' };
    await world.publisher.publish(releaseInput('1.0.1', { assets: [film] }));
    const ranges: string[] = [];
    const slowDiskHastyNetwork = (ports: ClientPorts): ClientPorts => ({
      ...ports,
      files: {
        ...ports.files,
        append: async (path, bytes) => {
          for (let turn = 0; turn < 20; turn++) await Promise.resolve();
          await ports.files.append(path, bytes);
        },
      },
      http: {
        get: async (request) => {
          if (request.url.indexOf('objects/') < 0) return ports.http.get(request);
          ranges.push(request.headers['range'] ?? '');
          // As Node does: the error of the connection comes while the last chunk is on its way to the disk.
          let brought = 0;
          let breaks: (error: Error) => void = () => undefined;
          const broken = new Promise<never>((_, reject) => {
            breaks = reject;
          });
          const all = ports.http.get({
            ...request,
            onChunk: async (chunk) => {
              brought += chunk.length;
              const written = request.onChunk?.(chunk);
              if (brought > 16_000) breaks(new Error('ECONNRESET'));
              await written;
              if (brought > 16_000) throw new Error('ECONNRESET');
            },
          });
          return Promise.race([all, broken]);
        },
      },
    });
    const client = world
      .device({ client: { ...WHOLE.client, maxParallelDownloads: 1 }, ports: slowDiskHastyNetwork })
      .start();
    const outcome = await client.checkAndApply();
    check(ranges.length > 4, `${ranges.length} requests`);
    const beyond = (outcome.receivedBytes ?? 0) - (outcome.fullBytes ?? 0);
    check(beyond < 2000, `${beyond} bytes came twice; asked for ${ranges.join(', ')}`);
  },
);

add(
  'a line that breaks every 16 kB carries a file of any size, and hardly anything comes twice',
  async (world) => {
    await world.publisher.publish(releaseInput('1.0.0'));
    await world.publisher.publish(
      releaseInput('1.0.1', { assets: [{ bytes: noise(100_000, 1), path: 'assets/film.bin' }] }),
    );
    world.network.meddle = ({ path }) =>
      path.indexOf('objects/') === 0 ? { breakAfter: 16_000 } : undefined;
    const outcome = await world
      .device({ client: { ...WHOLE.client, maxParallelDownloads: 1 } })
      .start()
      .checkAndApply();
    same(outcome.updated, true, 'updated');
    check(
      (outcome.receivedBytes ?? 0) < (outcome.fullBytes ?? 0) * 1.02,
      `${outcome.receivedBytes} bytes came`,
    );
  },
);

add('a line that breaks without getting on is given up', async (world) => {
  await publishTwo(world);
  let requests = 0;
  world.network.meddle = ({ path }) => {
    if (path.indexOf('objects/') !== 0) return undefined;
    requests++;
    return { breakAfter: 1000, ignoreRange: true };
  };
  const client = world.device({ client: { ...WHOLE.client, maxParallelDownloads: 1 } }).start();
  await refused(client.checkAndApply(), 'ERR_CLIENT_NETWORK');
  same(requests, 4, 'attempts');
});

// ── the binary's own assets ──────────────────────────────────────────────────────────────────────────────────

add('assets that the binary has are taken from there, and checked', async (world) => {
  await publishTwo(world);
  const logo = releaseInput('1.0.1').assets?.[0]?.bytes as Uint8Array;
  for (const [copy, fetched] of [
    [logo, 1],
    [new Uint8Array(logo.length), 2],
    [undefined, 2],
  ] as const) {
    const device: WorldDevice = world.device({
      ...WHOLE,
      ports: (ports) => ({
        ...ports,
        embedded: {
          ...ports.embedded,
          copyAsset: async (_hash, path) => {
            if (copy === undefined) return false;
            if (path.indexOf('objects/') !== 0) throw new Error(`copied to ${path}`);
            // The launch file is no asset of the binary: what is copied for it is refused by its hash.
            device.disk.files.set(path, copy);
            return true;
          },
        },
      }),
    });
    world.network.log.length = 0;
    same((await device.start().checkAndApply()).updated, true, 'updated');
    same(
      world.network.log.filter((path) => path.indexOf('objects/') === 0).length,
      fetched,
      'objects fetched',
    );
  }
});

// ── downloads into files ─────────────────────────────────────────────────────────────────────────────────────

/** The platform's downloads, over the same network. */
function downloadPort(ports: ClientPorts, device: () => WorldDevice): DownloadPort {
  const files = memoryFiles(device().disk, () => undefined);
  return {
    toFile: async ({ url, headers, path, offset, maxSizeBytes, idleTimeoutMs, onProgress, signal }) => {
      let size = offset;
      let isTaken = false;
      const { status, headers: answered } = await ports.http.get({
        headers,
        idleTimeoutMs,
        maxSizeBytes,
        onChunk: async (chunk) => {
          if (signal?.aborted === true) throw new Error('stopped');
          if (!isTaken) return;
          await files.append(path, chunk);
          size += chunk.length;
          if (size > maxSizeBytes) throw new Error('too large');
          onProgress?.(size);
        },
        onHead: async ({ status: code }) => {
          isTaken = code === 200 || code === 206;
          if (code !== 200) return;
          await files.remove(path);
          size = 0;
        },
        url,
      });
      return { headers: answered, status };
    },
  };
}

function deviceWithDownloads(world: World): WorldDevice {
  const device: WorldDevice = world.device({
    client: { ...WHOLE.client, maxParallelDownloads: 1 },
    ports: (ports) => ({ ...ports, downloads: downloadPort(ports, () => device) }),
  });
  return device;
}

add('with downloads of the platform: whole, broken and resumed, progress to the end', async (world) => {
  await publishTwo(world);
  let breaks = 0;
  const ranges: string[] = [];
  world.network.meddle = ({ path, headers }) => {
    if (path.indexOf('objects/') !== 0) return undefined;
    if (headers['range'] !== undefined) ranges.push(headers['range']);
    return breaks++ < 2 ? { breakAfter: 3000 } : undefined;
  };
  const seen: number[] = [];
  let total = 0;
  const outcome = await deviceWithDownloads(world)
    .start()
    .checkAndApply({
      onProgress: ({ receivedBytes, totalBytes }) => {
        seen.push(receivedBytes);
        total = totalBytes;
      },
    });
  same([outcome.updated, ranges], [true, ['bytes=3000-', 'bytes=6000-']], 'ranges');
  same([seen[seen.length - 1], outcome.receivedBytes], [total, outcome.receivedBytes], 'progress');
});

add(
  'with downloads of the platform: other parts, other bytes, too many, redirects and errors are refused',
  async (world) => {
    const { launch } = await publishTwo(world);
    for (const [answer, code] of [
      [{ headers: { 'content-range': 'bytes 0-99/100' } }, 'ERR_CLIENT_HTTP_STATUS'],
      [{ status: 302 }, 'ERR_CLIENT_REDIRECT'],
      [{ status: 404 }, 'ERR_CLIENT_HTTP_STATUS'],
      [{ status: 503 }, 'ERR_CLIENT_HTTP_STATUS'],
      [{ body: program('evil'), ignoreRange: true }, 'ERR_CLIENT_HASH'],
      [{ body: new Uint8Array(600_000), ignoreRange: true }, 'ERR_CLIENT_NETWORK'],
    ] as const) {
      const device = deviceWithDownloads(world);
      device.disk.files.set(`tmp/${launch}.part`, program('1.0.1').slice(0, 5000));
      world.network.meddle = ({ path }) => (path === objectKey(launch) ? answer : undefined);
      await refused(device.start().checkAndApply(), code);
      world.network.meddle = () => undefined;
      same((await device.start().checkAndApply()).updated, true, 'updated by an honest server');
    }
  },
);

add('with downloads of the platform: a dripping server is given up', async (world) => {
  await publishTwo(world);
  const device: WorldDevice = world.device({
    client: { ...WHOLE.client, network: { attempts: 1, minBytesPerSecond: 1_000_000_000, slowAfterMs: 1 } },
    ports: (ports) => ({ ...ports, downloads: downloadPort(ports, () => device) }),
  });
  const client = device.start();
  const first = await client.checkForUpdate().catch((error: unknown) => error);
  // The index is small; only the object takes long enough.
  check(!(first instanceof Error), `the check failed: ${String(first)}`);
  await refused(client.checkAndApply(), 'ERR_CLIENT_SLOW');
});

export const resumeCases = cases;
