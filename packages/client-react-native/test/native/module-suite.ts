import { engineTimer, type NativeModule, nativePorts } from '@kivyx-ota/client-react-native/core';
import { createFakeNative } from '@kivyx-ota/client-react-native/testing';
import type { ClientPorts, DownloadPort } from '@kivyx-ota/client';
import { downloadPortCases, filesPortCases, recordsPortCases } from '@kivyx-ota/conformance/client';
import { serveHttpScript, type ScriptServer } from '@kivyx-ota/conformance/client-server';
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModuleProcess } from './module-process.ts';

/** The client's ports over a real native module. */
export function itKeepsThePorts(start: () => ModuleProcess, { downloads = true } = {}): void {
  const timer = engineTimer(globalThis as never);
  const { http } = createFakeNative();
  let server: ScriptServer;
  const running: ModuleProcess[] = [];
  const launch = (): ModuleProcess => {
    const process = start();
    running.push(process);
    return process;
  };
  beforeAll(async () => {
    server = await serveHttpScript();
  });
  afterAll(async () => {
    for (const one of running.splice(0)) one.end();
    await server.close();
  });
  const portsOf = (native: NativeModule): ClientPorts => nativePorts({ http, native, timer });
  // One process for all cases about files: each has a folder of its own in it.
  let shared: ModuleProcess | undefined;
  let folders = 0;
  const ports = (): ClientPorts => portsOf(below((shared ??= launch()).native, `case${++folders}`));
  const itKeeps = (
    what: string,
    cases: () => readonly { readonly id: string; readonly title: string; run(): Promise<void> }[],
  ): void => {
    describe(what, () => {
      // The list has to be known before the server is.
      it.each(cases().map(({ id, title }) => ({ id, title })))('$title', async ({ id }) => {
        await cases()
          .find((one) => one.id === id)
          ?.run();
      });
    });
  };
  it('tells what is free on the disk', async () => {
    const { bavail, bsize } = statfsSync(tmpdir());
    const freeBytes = (await ports().files.freeBytes?.()) ?? -1;
    // Others write to the same disk meanwhile.
    expect(Math.abs(freeBytes - bavail * bsize)).toBeLessThan(1e9);
  });
  itKeeps('files', () => filesPortCases({ create: () => ports().files }));
  itKeeps('records', () =>
    recordsPortCases({
      create: () => {
        const { records } = portsOf(launch().native);
        return { records, reopen: () => records };
      },
    }),
  );
  if (!downloads) return;
  itKeeps('downloads', () =>
    downloadPortCases({
      create: () => {
        const made = ports();
        return { downloads: made.downloads as DownloadPort, files: made.files };
      },
      origin: server?.origin ?? '',
    }),
  );
}

/** The same files, in a folder: every path is a step longer. */
function below(native: NativeModule, folder: string): NativeModule {
  const at = (path: string): string => `${folder}/${path}`;
  return {
    ...native,
    appendFile: (path, bytes) => native.appendFile(at(path), bytes),
    cancelDownload: (id) => native.cancelDownload(id),
    download: (id, url, headers, path, ...rest) => native.download(id, url, headers, at(path), ...rest),
    freeBytes: () => native.freeBytes(),
    getConstants: () => native.getConstants(),
    link: (from, to) => native.link(at(from), at(to)),
    list: (path) => native.list(at(path)),
    onDownload: (listener) => native.onDownload(listener),
    readPart: (path, offset, length) => native.readPart(at(path), offset, length),
    remove: (path) => native.remove(at(path)),
    rename: (from, to) => native.rename(at(from), at(to)),
    sha256File: (path) => native.sha256File(at(path)),
    sizeOf: (path) => native.sizeOf(at(path)),
    writeFile: (path, bytes) => native.writeFile(at(path), bytes),
  };
}
