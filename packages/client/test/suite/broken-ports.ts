// Each breaks one clause; the kit must notice, and must blame that clause and no other.
import type { FilesPort, HttpPort, HttpRequest, RecordsPort } from '@kivyx-ota/client';
import type { DownloadsPair, DownloadsUnderTest } from '@kivyx-ota/conformance/client';

type Break<Port> = (good: Port) => Port;

const text = (bytes: Uint8Array | undefined): string => String.fromCharCode(...(bytes?.slice(0, 20) ?? []));
const isAwkward = (path: string): boolean => path.includes('%');

const files =
  (change: (good: FilesPort) => Partial<FilesPort>): Break<FilesPort> =>
  (good) => ({ ...good, ...change(good) });

export const BROKEN_FILES: Readonly<Record<string, Break<FilesPort>>> = {
  'files/1-absent': files((good) => ({
    sizeOf: async (path) => (path === 'never/there' ? 0 : good.sizeOf(path)),
  })),
  'files/2-bytes': files((good) => ({
    // As an adapter that goes through text does.
    write: (path, bytes) => good.write(path, bytes.length === 255 ? bytes.map((byte) => byte & 127) : bytes),
  })),
  'files/2-empty': files((good) => ({
    write: async (path, bytes) => (path === 'a/empty' ? undefined : good.write(path, bytes)),
  })),
  'files/2-replace': files((good) => ({
    write: async (path, bytes) => {
      const before = text(bytes) === 'short' ? await good.read(path) : undefined;
      await good.write(path, Uint8Array.from([...bytes, ...(before?.slice(bytes.length) ?? [])]));
    },
  })),
  'files/3-append': files((good) => ({
    append: (path, bytes) => (path === 'tmp/y.part' ? good.write(path, bytes) : good.append(path, bytes)),
  })),
  'files/4-size': files((good) => ({
    sizeOf: async (path) => {
      const size = await good.sizeOf(path);
      return size === 70_001 ? 70_000 : size;
    },
  })),
  'files/5-sha256': files((good) => ({
    sha256File: async (path) => (await good.sha256File(path))?.toUpperCase(),
  })),
  'files/6-link': files((good) => ({
    // As a symbolic link.
    remove: async (path) => {
      await good.remove(path);
      if (path === 'objects/o') await good.remove('tmp/r/assets/img/o.png');
    },
  })),
  'files/6-link-apart': files((good) => ({
    // As a hard link and a write in place.
    write: async (path, bytes) => {
      await good.write(path, bytes);
      if (path === 'objects/o' && text(bytes) === 'new') await good.write('bundles/o', bytes);
    },
  })),
  'files/7-rename-file': files((good) => ({
    rename: async (from, to) => (to === 'objects/deep/a' ? good.link(from, to) : good.rename(from, to)),
  })),
  'files/7-rename-folder': files((good) => ({
    rename: async (from, to) => {
      await good.rename(from, to);
      if (to === 'bundles/h') await good.remove('bundles/h/assets');
    },
  })),
  'files/7-rename-absent': files((good) => ({
    rename: (from, to) => (from === 'never' ? Promise.resolve() : good.rename(from, to)),
  })),
  'files/8-remove': files((good) => ({
    remove: async (path) => {
      if (path.startsWith('never/')) throw new Error('not found');
      await good.remove(path);
    },
  })),
  'files/14-free-bytes': files(() => ({ freeBytes: async () => -1 })),
  'files/9-list': files((good) => ({
    list: async (path) =>
      (await good.list(path)).map((name) => (path === 'bundles' ? `bundles/${name}` : name)),
  })),
  'files/10-names': files((good) => ({
    // As an adapter that takes file:// URIs for paths.
    list: async (path) => (await good.list(path)).map((name) => (isAwkward(name) ? encodeURI(name) : name)),
  })),
  'files/11-outside': files((good) => ({
    write: async (path, bytes) => (path === 'a/../b' ? undefined : good.write(path, bytes)),
  })),
  'files/12-ownership': files((good) => {
    const shared = new Map<string, Uint8Array>();
    return {
      read: async (path) => {
        const bytes = shared.get(path) ?? (await good.read(path));
        if (text(bytes) === 'abc' && bytes !== undefined) shared.set(path, bytes);
        return bytes;
      },
    };
  }),
  'files/13-whole': files((good) => ({
    write: async (path, bytes) => {
      if (bytes.length >= 60_000 && bytes[0] === bytes[1]) await good.write(path, bytes.slice(0, 100));
      await good.write(path, bytes);
    },
  })),
};

const records =
  (change: (good: RecordsPort) => Partial<RecordsPort>): Break<RecordsPort> =>
  (good) => ({ ...good, ...change(good) });

export const BROKEN_RECORDS: Readonly<Record<string, Break<RecordsPort>>> = {
  'records/1-absent': records((good) => ({
    read: async (name) => (await good.read(name)) ?? new Uint8Array(0),
  })),
  'records/2-bytes': records((good) => ({
    write: (name, bytes) =>
      good.write(
        name,
        bytes.length > 4000 && bytes[0] !== bytes[1] ? bytes.map((byte) => byte & 127) : bytes,
      ),
  })),
  'records/2-replace': records((good) => ({
    write: async (name, bytes) => {
      const before = text(bytes) === 'short' ? await good.read(name) : undefined;
      await good.write(name, Uint8Array.from([...bytes, ...(before?.slice(bytes.length) ?? [])]));
    },
  })),
  'records/3-apart': records((good) => ({
    write: async (name, bytes) => {
      await good.write(name, bytes);
      if (text(bytes) === 'd') await good.write('trust.0', bytes);
    },
  })),
  'records/4-kept': records((good) => {
    const cache = new Map<string, Uint8Array>();
    return {
      read: async (name) => cache.get(name) ?? good.read(name),
      write: async (name, bytes) => {
        if (text(bytes) === 'kept') cache.set(name, bytes);
        else await good.write(name, bytes);
      },
    };
  }),
  'records/5-whole': records((good) => ({
    write: async (name, bytes) => {
      if (bytes.length >= 2000 && bytes[0] === bytes[1]) await good.write(name, bytes.slice(0, 100));
      await good.write(name, bytes);
    },
  })),
  'records/6-ownership': records((good) => {
    const shared = new Map<string, Uint8Array>();
    return {
      read: async (name) => {
        const bytes = shared.get(name) ?? (await good.read(name));
        if (text(bytes) === 'abc' && bytes !== undefined) shared.set(name, bytes);
        return bytes;
      },
    };
  }),
};

const http =
  (
    get: (good: HttpPort, request: HttpRequest, path: string) => ReturnType<HttpPort['get']>,
  ): Break<HttpPort> =>
  (good) => ({ get: (request) => get(good, request, request.url.replace(/^http:\/\/[^/]+/, '')) });

export const BROKEN_HTTP: Readonly<Record<string, Break<HttpPort>>> = {
  'http/1-body': http(async (good, request, path) => {
    const response = await good.get(request);
    // As text that was not UTF-8.
    return path === '/bytes/300001' && request.onChunk === undefined
      ? { ...response, body: response.body.map((byte) => (byte > 127 ? 63 : byte)) }
      : response;
  }),
  'http/1-chunks': http(async (good, request, path) => {
    if (path !== '/bytes/300001' || request.onChunk === undefined) return good.get(request);
    const { onChunk, ...rest } = request;
    const response = await good.get(rest);
    await onChunk(response.body);
    return response;
  }),
  'http/2-headers-in': http(async (good, request) => {
    const response = await good.get(request);
    const { 'x-kivyx-case': mixed, ...headers } = response.headers;
    return mixed === undefined ? response : { ...response, headers: { ...headers, 'X-Kivyx-Case': mixed } };
  }),
  'http/2-headers-out': http((good, request, path) => {
    const { 'if-none-match': _lost, ...headers } = request.headers;
    return good.get(path === '/echo' ? { ...request, headers } : request);
  }),
  'http/3-redirect': http((good, request, path) =>
    good.get(
      path === '/redirect' ? { ...request, url: request.url.replace('/redirect', '/bytes/5') } : request,
    ),
  ),
  'http/4-statuses': http(async (good, request) => {
    const response = await good.get(request);
    if (response.status === 500) throw new Error('500');
    return response;
  }),
  'http/5-head-first': http(async (good, request, path) => {
    if (path !== '/bytes/5000') return good.get(request);
    const { onHead, ...rest } = request;
    const response = await good.get(rest);
    await onHead?.(response);
    return response;
  }),
  'http/5-head-throws': http(async (good, request) => {
    const { onHead } = request;
    if (onHead === undefined) return good.get(request);
    return good.get({
      ...request,
      onHead: async (head) => {
        try {
          await onHead(head);
        } catch (cause) {
          throw new Error('onHead failed', { cause });
        }
      },
    });
  }),
  'http/6-chunk-throws': http(async (good, request) => {
    const { onChunk } = request;
    if (onChunk === undefined) return good.get(request);
    let failure: unknown;
    const response = await good.get({
      ...request,
      onChunk: async (chunk) => {
        await Promise.resolve(onChunk(chunk)).catch((error: unknown) => {
          failure = error;
        });
      },
    });
    if (failure !== undefined) throw failure;
    return response;
  }),
  'http/7-max-size': http((good, request) => good.get({ ...request, maxSizeBytes: 1e9 })),
  'http/8-silent': http((good, request, path) =>
    good.get(path === '/silent' ? { ...request, idleTimeoutMs: 1e6 } : request),
  ),
  'http/8-stall': http((good, request, path) =>
    good.get(path === '/stall' ? { ...request, idleTimeoutMs: 1e6 } : request),
  ),
  'http/8-slow': http(async (good, request, path) => {
    if (path !== '/drip') return good.get(request);
    // A time limit for the whole answer.
    return Promise.race([
      good.get(request),
      new Promise<never>((_, reject) => {
        setTimeout(() => reject(new Error('timeout')), request.idleTimeoutMs).unref();
      }),
    ]);
  }),
  'http/9-decoded': http(async (good, request, path) => {
    const response = await good.get(request);
    return path === '/gzip' ? { ...response, body: Uint8Array.of(31, 139, ...response.body) } : response;
  }),
  'http/9-range-plain': http(async (good, request, path) => {
    const { range: _lost, ...headers } = request.headers;
    return good.get(path === '/bytes/1000' ? { ...request, headers } : request);
  }),
  'http/10-cut': http(async (good, request, path) => {
    const kept: Uint8Array[] = [];
    if (!path.startsWith('/cut')) return good.get(request);
    return good
      .get({ ...request, onChunk: (chunk) => void kept.push(chunk) })
      .catch(() => ({ body: kept[0] as Uint8Array, headers: {}, status: 200 }));
  }),
  'http/10-unreachable': http((good, request) =>
    request.url.includes(':9/')
      ? Promise.resolve({ body: new Uint8Array(0), headers: {}, status: 0 })
      : good.get(request),
  ),
  'http/11-abort': http((good, { signal: _lost, ...request }) => good.get(request)),
};

type ToFile = DownloadsUnderTest['toFile'];
const downloads =
  (
    toFile: (good: DownloadsPair, request: Parameters<ToFile>[0], path: string) => ReturnType<ToFile>,
  ): Break<DownloadsPair> =>
  (good) => ({
    downloads: {
      toFile: (request) => toFile(good, request, request.url.replace(/^http:\/\/[^/]+/, '')),
    },
    files: good.files,
  });

export const BROKEN_DOWNLOADS: Readonly<Record<string, Break<DownloadsPair>>> = {
  'downloads/8-bytes': downloads(async (good, request, path) => {
    const head = await good.downloads.toFile(request);
    if (path === '/bytes/300001') await good.files.write(`${request.path}.tmp`, new Uint8Array(1));
    return head;
  }),
  'downloads/8-headers': downloads(async (good, request, path) => {
    const { headers, status } = await good.downloads.toFile(request);
    return path === '/bytes/10' ? { headers: { ETag: '"v1"' }, status } : { headers, status };
  }),
  'downloads/8-request': downloads((good, request) => {
    const { 'x-kivyx': _lost, ...headers } = request.headers;
    return good.downloads.toFile({ ...request, headers });
  }),
  'downloads/1-redirect': downloads((good, request) =>
    good.downloads.toFile({ ...request, url: request.url.replace('/redirect', '/bytes/5') }),
  ),
  'downloads/2-resume': downloads(async (good, request, path) => {
    const before = (await good.files.read(request.path))?.length;
    const head = await good.downloads.toFile(request);
    // Right bytes, but as if all had come.
    return before === 40_000 && path === '/bytes/100000' && request.onProgress === undefined
      ? { ...head, status: 200 }
      : head;
  }),
  'downloads/2-resume-longer': downloads(async (good, request, path) => {
    const before = await good.files.read(request.path);
    if (before?.length !== 60_000) return good.downloads.toFile(request);
    const head = await good.downloads.toFile(request);
    const got = (await good.files.read(request.path)) as Uint8Array;
    if (path === '/bytes/100000')
      await good.files.write(request.path, Uint8Array.from([...before, ...got.slice(40_000)]));
    return head;
  }),
  'downloads/2-range-ignored': downloads(async (good, request, path) => {
    const before = await good.files.read(request.path);
    const head = await good.downloads.toFile(request);
    const got = (await good.files.read(request.path)) as Uint8Array;
    if (path === '/whole/100000')
      await good.files.write(request.path, Uint8Array.from([...(before as Uint8Array), ...got]));
    return head;
  }),
  'downloads/2-other-status': downloads(async (good, request) => {
    const head = await good.downloads.toFile(request);
    if (head.status === 404) await good.files.write(request.path, new Uint8Array(7));
    return head;
  }),
  'downloads/3-cut': downloads(async (good, request) => {
    try {
      return await good.downloads.toFile(request);
    } catch (error) {
      if (request.url.includes('/cut')) await good.files.write(request.path, new Uint8Array(0));
      throw error;
    }
  }),
  'downloads/3-unreachable': downloads(async (good, request) => {
    if (request.url.includes(':9/')) await good.files.write(request.path, new Uint8Array(0));
    return good.downloads.toFile(request);
  }),
  'downloads/4-max-size': downloads((good, request) =>
    good.downloads.toFile(request.maxSizeBytes === 200_000 ? { ...request, maxSizeBytes: 1e9 } : request),
  ),
  'downloads/5-abort': downloads((good, { signal: _lost, ...request }) => good.downloads.toFile(request)),
  'downloads/6-stall': downloads((good, request, path) =>
    good.downloads.toFile(path === '/stall' ? { ...request, idleTimeoutMs: 1e6 } : request),
  ),
  'downloads/6-slow': downloads((good, request, path) =>
    path === '/drip'
      ? Promise.race([
          good.downloads.toFile(request),
          new Promise<never>((_, reject) => {
            setTimeout(() => reject(new Error('timeout')), request.idleTimeoutMs).unref();
          }),
        ])
      : good.downloads.toFile(request),
  ),
  'downloads/7-progress': downloads((good, request) => {
    const { onProgress, ...rest } = request;
    // Counted from where the transfer began.
    return good.downloads.toFile(
      onProgress === undefined || request.signal !== undefined
        ? request
        : { ...rest, onProgress: (size) => onProgress(size - request.offset) },
    );
  }),
};
