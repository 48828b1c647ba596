// Every lie of the hostile server kit, told to the real client.
import { isOtaError } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type Answer, documentKind, hostileLies, type Lie } from '@kivyx-ota/conformance/hostile';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HttpPort } from '@kivyx-ota/client';
import type { Disk } from './suite/memory-ports.ts';
import { signChannelIndex } from '@kivyx-ota/manifest/sign';
import { rootKey } from '@kivyx-ota/manifest';
import { rootEnvelope } from './suite/root-envelope.ts';
import { createWorld, KEY, loadKeys, releaseInput, type World } from './suite/world.ts';

const LIES = hostileLies();
beforeAll(loadKeys);

/** Puts a liar between client and server; gives how often it was asked for what it lies about. */
function liar({ network, time }: World, lie: Lie, foreign: Answer): { asked: number; honest(): void } {
  const honest = network.http;
  const answers = new Map<string, Answer[]>();
  const state = { asked: 0, honest: () => Object.assign(network, { http: honest }) };
  const collect = async (
    request: Parameters<HttpPort['get']>[0],
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer> => {
    const chunks: Uint8Array[] = [];
    const { onChunk: _chunk, onHead: _head, ...rest } = request;
    const answer = await honest.get({ ...rest, headers, onChunk: (chunk) => void chunks.push(chunk) });
    return { body: new Uint8Array(Buffer.concat(chunks)), headers: answer.headers, status: answer.status };
  };
  const get: HttpPort['get'] = async (request) => {
    const path = request.url.slice('https://cdn.example/ota/'.length);
    const about = documentKind(path) === lie.about;
    // A liar has the whole file, whatever was asked for.
    const answer = await collect(request, about ? {} : request.headers);
    const earlier = answers.get(path) ?? [];
    const others = Array.from(answers).flatMap(([key, list]) =>
      key !== path && documentKind(key) === lie.about ? list : [],
    );
    answers.set(path, [...earlier, answer]);
    if (about) state.asked++;
    const told = about
      ? lie.tell(answer, {
          earlier,
          foreign,
          maxSizeBytes: request.maxSizeBytes,
          others,
          path,
          requestHeaders: request.headers,
        })
      : answer;
    await request.onHead?.({ headers: told.headers, status: told.status });
    const step = told.dripMs === undefined ? 65_536 : 1;
    for (let at = 0; at < told.body.length; at += step) {
      time.monotonicMs += told.dripMs ?? 0;
      await request.onChunk?.(told.body.slice(at, at + step));
    }
    return { body: new Uint8Array(0), headers: told.headers, status: told.status };
  };
  Object.assign(network, { http: { get } });
  return state;
}

/** Everything that lies under the name of its hash has that hash. */
function expectNothingWrong({ files }: Disk): void {
  for (const [path, bytes] of files) {
    const hash =
      /^bundles\/([0-9a-f]{64})\/launch\.bundle$/.exec(path)?.[1] ??
      /^objects\/([0-9a-f]{64})$/.exec(path)?.[1];
    if (hash !== undefined) expect(sha256Hex(bytes), path).toBe(hash);
  }
}

describe('the hostile server kit', () => {
  it('has about a hundred lies, each with a name of its own', () => {
    expect(LIES.length).toBeGreaterThan(95);
    expect(new Set(LIES.map(({ name }) => name)).size).toBe(LIES.length);
  });
});

describe('a client that is told', () => {
  it.each(LIES)('$name', async (lie) => {
    const world = createWorld();
    await world.publisher.publish(releaseInput('1.0.0'));
    const { release } = await world.publisher.publish(releaseInput('1.0.1'));
    // Roots are asked for by devices that ship one.
    const trust = { client: { trust: { root: await rootEnvelope({}) } } };
    if (lie.about === 'root') {
      for (const version of [2, 3])
        await world.storage.put(rootKey(version), await rootEnvelope({ version }));
    }
    const device = world.device({
      ...(lie.about === 'object' ? { embedded: undefined } : {}),
      ...(lie.about === 'root' ? trust : {}),
    });
    const { index } = (await world.publisher.read())!;
    const { envelope } = await signChannelIndex({ ...index, channel: 'beta' }, KEY);
    const between = liar(world, lie, { body: envelope, headers: {}, status: 200 });
    if (lie.name.includes('older one')) {
      // It has seen the index once; then another is published, and the old one comes again.
      await device.start().checkForUpdate();
      await world.publisher.setRollout(release.releaseId, 9999);
    }
    let refused: unknown;
    const outcome = await device
      .start()
      .checkAndApply()
      .catch((error: unknown) => {
        refused = error;
        return undefined;
      });
    expect(between.asked).toBeGreaterThan(0);
    if (outcome === undefined) expect(isOtaError(refused), String(refused)).toBe(true);
    if (lie.harmless === true) expect(outcome?.updated).toBe(true);
    // A lie about a patch costs bytes and nothing else.
    if (lie.about === 'patch' && isOtaError(refused)) expect(refused.retryable).toBe(true);
    expectNothingWrong(device.disk);

    between.honest();
    world.time.nowMs += 60_000;
    await device.start().checkAndApply();
    device.start();
    expect(device.boot.snapshot().running).toBe(release.launchSha256Hex);
    expectNothingWrong(device.disk);
  });
});
