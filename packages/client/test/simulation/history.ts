// What a server has shown over time: made once by the real publisher, so that a life costs no signature and no diff.
import { utf8ToBytes } from '@kivyx-ota/core';
import { type ChannelIndex, indexKey, rootKey } from '@kivyx-ota/manifest';
import { signChannelIndex, signTrustRoot } from '@kivyx-ota/manifest/sign';
import {
  createPublisher,
  type Publisher,
  type PublisherOptions,
  type ReleaseInput,
} from '@kivyx-ota/publisher';
import { memoryStorage, type StoredObject } from '@kivyx-ota/storage';
import type { NetworkFile } from '@kivyx-ota/client/simulation';
import { KEY, loadKeys, OTHER_KEY, releaseInput, SCOPE, START_MS, trustedKeyHex } from '../suite/world.ts';

/** The server at one time. */
export interface Stage {
  readonly what: string;
  readonly files: ReadonlyMap<string, NetworkFile>;
}

/** A release by its launch file. */
export interface PublishedRelease {
  readonly launchSha256Hex: string;
  readonly versionCode: number;
}

export interface History {
  readonly stages: readonly Stage[];
  readonly releases: readonly PublishedRelease[];
  /** Of the last stage. */
  readonly last: PublishedRelease;
}

let made: Promise<History> | undefined;

export function loadHistory(): Promise<History> {
  return (made ??= makeHistory());
}

/** A program of some kilobytes, of which a version changes little: small enough to be hashed often, large enough for a patch. */
function input(version: string): ReleaseInput {
  const lines = Array.from({ length: 60 }, (_, i) => `function f${i}(a){return a*${(i * 7919) % 1000};}`);
  return releaseInput(version, {
    assets: [
      { bytes: utf8ToBytes('the same logo in every release'), path: 'assets/logo.svg' },
      { bytes: utf8ToBytes(`a picture of ${version} `.repeat(150)), path: 'assets/picture.png' },
    ],
    launch: {
      bytes: utf8ToBytes(`${lines.join('\n')}\nprint(${JSON.stringify(version)});\n`),
      path: 'main.js',
    },
  });
}

/** The launch file inside the binary. */
export const EMBEDDED: Uint8Array = input('1.0.0').launch.bytes as Uint8Array;

async function makeHistory(): Promise<History> {
  await loadKeys();
  const storage = memoryStorage();
  const options: PublisherOptions = {
    clock: { nowMs: () => START_MS },
    random: { bytes: (length) => new Uint8Array(length) },
    scope: SCOPE,
    signers: { index: KEY, release: KEY },
    storage,
    trust: { keys: [trustedKeyHex()] },
  };
  const stages: Stage[] = [];
  const releases: PublishedRelease[] = [];
  const record = async (what: string): Promise<void> => {
    const files = new Map<string, NetworkFile>();
    const { objects } = await storage.list('', { limit: 1000 });
    for (const { key } of objects) {
      const { body, etag } = (await storage.get(key)) as StoredObject;
      files.set(key, { bytes: body, etag: `"${etag}"` });
    }
    stages.push({ files, what });
  };
  const publish = async (publisher: Publisher, version: string): Promise<string> => {
    const { release } = await publisher.publish(input(version));
    releases.push(release);
    await record(`publishes ${version}`);
    return release.releaseId;
  };

  const publisher = createPublisher(options);
  await publish(publisher, '1.0.0');
  await publish(publisher, '1.0.1');
  const second = await publish(publisher, '1.0.2');
  await publisher.pause(second);
  await record('pauses 1.0.2');
  await publisher.resume(second);
  await record('resumes 1.0.2');
  const third = await publish(publisher, '1.0.3');
  await publisher.revoke(third);
  await record('revokes 1.0.3: the way back');
  await storage.put(indexKey(SCOPE), await withRetryTokens(publisher));
  await record('lets everything try again');
  await publish(publisher, '1.0.4');

  // Another key for the index, by a root that the old one signed.
  const keys = [await KEY.publicKey(), await OTHER_KEY.publicKey()] as const;
  const [old, next] = [keys[0], keys[1]].map(({ kidHex }) => ({ kidHexes: [kidHex], threshold: 1 }));
  if (old === undefined || next === undefined) throw new Error('two keys make two roles');
  const root = {
    expiresAtSeconds: START_MS / 1000 + 100_000_000,
    issuedAtSeconds: START_MS / 1000,
    keys,
    project: SCOPE.project,
    revokedReleaseIds: [],
    roles: { index: [next], release: old, root: old },
    version: 1,
  };
  await storage.put(rootKey(1), (await signTrustRoot(root, [KEY])).envelope);
  const rotated = createPublisher({
    ...options,
    signers: { index: OTHER_KEY, release: KEY },
    trust: { root },
  });
  await rotated.recoverIndex({ previousTrust: options.trust });
  await record('has another key for the index');
  await publish(rotated, '1.0.5');
  await publish(rotated, '1.0.6');
  return { last: releases[releases.length - 1] as PublishedRelease, releases, stages };
}

/** The publisher has no verb for it yet: the index as it is, signed anew, with a retry token for every release. */
async function withRetryTokens(publisher: Publisher): Promise<Uint8Array> {
  const state = await publisher.read();
  if (state === undefined) throw new Error('nothing is published');
  const { index } = state;
  const next: ChannelIndex = {
    ...index,
    previousSha256Hex: state.payloadSha256Hex,
    releases: index.releases.map((release) => ({ ...release, retryToken: 1 })),
    sequence: index.sequence + 1,
  };
  return (await signChannelIndex(next, KEY)).envelope;
}
