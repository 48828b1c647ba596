// What the client's cases are written with: no test runner, so that they run in a bare engine too.
import { isOtaError } from '@kivyx-ota/core';
import type { ClientEvent } from '@kivyx-ota/client';
import type { Signer } from '@kivyx-ota/cose/sign';
import type { ChannelIndex } from '@kivyx-ota/manifest';
import { signChannelIndex } from '@kivyx-ota/manifest/sign';
import type { StoredObject } from '@kivyx-ota/storage';
import type { Disk } from './memory-ports.ts';
import { createWorld, KEY, loadKeys, releaseInput, type World } from './world.ts';

export interface Case {
  readonly title: string;
  run(): Promise<void>;
}

/** A list of cases, each in a world of its own. */
export function caseList(): {
  readonly cases: readonly Case[];
  readonly add: (title: string, run: (world: World) => Promise<void>) => void;
} {
  const cases: Case[] = [];
  return {
    add: (title, run) =>
      cases.push({
        run: async () => {
          await loadKeys();
          await run(createWorld());
        },
        title,
      }),
    cases,
  };
}
export function check(condition: unknown, message: string): asserts condition {
  if (condition !== true) throw new Error(message);
}
export function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(a === b, `${what}: got ${a}, expected ${b}`);
}
export async function refused(work: Promise<unknown>, code: string): Promise<void> {
  let error: unknown;
  try {
    await work;
  } catch (caught) {
    error = caught;
  }
  check(isOtaError(error), `expected ${code}, got ${String(error)}`);
  same(error.code, code, 'code');
}
export const types = (events: readonly ClientEvent[], type: ClientEvent['type']): ClientEvent[] =>
  events.filter((event) => event.type === type);
export const staged = (disk: Disk): boolean =>
  Array.from(disk.records.keys()).some((name) => name.indexOf('intent') === 0);

let published:
  | { readonly launch: string; readonly objects: readonly (readonly [string, Uint8Array])[] }
  | undefined;

/** Releases 1.0.0 (as in the binary) and 1.0.1. Made once: in a bare engine most of a case's time would go into making patches. */
export async function publishTwo(world: World): Promise<{ readonly launch: string }> {
  const { storage, publisher } = world;
  if (published !== undefined) {
    for (const [key, body] of published.objects) await storage.put(key, body);
    return { launch: published.launch };
  }
  await publisher.publish(releaseInput('1.0.0'));
  const { release } = await publisher.publish(releaseInput('1.0.1'));
  const objects: [string, Uint8Array][] = [];
  const page = await storage.list('', { limit: 1000 });
  for (const { key } of page.objects) objects.push([key, ((await storage.get(key)) as StoredObject).body]);
  published = { launch: release.launchSha256Hex, objects };
  return { launch: release.launchSha256Hex };
}

/** Options of a device that applies no patches: every file comes whole. */
export const WHOLE: { readonly client: { readonly patchDecoder: never } } = {
  client: { patchDecoder: undefined as never },
};

/** What the channel's publisher sees. */
export async function currentIndex({ publisher }: World): Promise<ChannelIndex> {
  const state = await publisher.read();
  check(state !== undefined, 'nothing is published');
  return state.index;
}

/** The channel's index with something changed, properly signed. */
export async function indexWith(
  world: World,
  change: Partial<ChannelIndex>,
  by: Signer = KEY,
): Promise<Uint8Array> {
  return (await signChannelIndex({ ...(await currentIndex(world)), ...change }, by)).envelope;
}
