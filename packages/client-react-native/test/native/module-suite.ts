import { engineTimer, type NativeModule, nativePorts } from '@kivyx-ota/client-react-native/core';
import { createFakeNative } from '@kivyx-ota/client-react-native/testing';
import type { ClientPorts, DownloadPort } from '@kivyx-ota/client';
import { bytesToBase64url } from '@kivyx-ota/core';
import { EMPTY_INTENT, encodeIntentRecord } from '@kivyx-ota/lifecycle';
import { downloadPortCases, filesPortCases, recordsPortCases } from '@kivyx-ota/conformance/client';
import { serveHttpScript, type ScriptServer } from '@kivyx-ota/conformance/client-server';
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModuleProcess } from './module-process.ts';

/** The client's ports over a real native module of an app 3.0.1 (301), runtime `rt 7`, whose bundle has the version code 1. */
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
  it('tells what the app is and what runs', async () => {
    const module = launch();
    const constants = await constantsOf(module);
    expect(constants).toMatchObject({ binaryVersion: '3.0.1', runtimeVersion: 'rt 7' });
    expect(Number(constants['embeddedVersionCode'])).toBe(1);
    const { binaryId, ...boot } = JSON.parse(constants['boot'] ?? '') as Record<string, unknown>;
    expect(binaryId).toMatch(/^301:\d+/);
    expect(boot).toEqual({
      consumedRequestId: 0,
      contentAppeared: false,
      failed: [],
      highestVersionCode: 1,
      keep: [],
      pending: false,
      reasons: [],
      running: 'embedded',
      versionCode: 1,
    });
    expect(constants['installationId']).toMatch(/^[0-9a-f]{32}$/);
    expect(await constantsOf(module)).toEqual(constants);
  });
  it('writes the records of JavaScript only', async () => {
    const { native } = launch();
    const intent = bytesToBase64url(encodeIntentRecord({ ...EMPTY_INTENT, sequence: 1 }));
    await native.writeRecord('intent.1', intent);
    expect(await native.readRecord('intent.1')).toBe(intent);
    for (const name of ['boot.0', 'crash.1', '../x'])
      await expect(native.writeRecord(name, 'AA')).rejects.toMatchObject({ code: 'ERR_CLIENT_STORAGE' });
  });
  it('gives random bytes', async () => {
    const module = launch();
    const [a, b] = [await module.call('randomBytes', 32), await module.call('randomBytes', 32)];
    expect(Buffer.from(String(a), 'base64url')).toHaveLength(32);
    expect(a).not.toBe(b);
  });
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

/** What is known without waiting. */
async function constantsOf(module: ModuleProcess): Promise<Readonly<Record<string, string>>> {
  const pairs = (await module.call('getConstants')) as string[];
  return Object.fromEntries(pairs.flatMap((key, i) => (i % 2 === 0 ? [[key, pairs[i + 1] as string]] : [])));
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
