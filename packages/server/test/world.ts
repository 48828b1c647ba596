import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { memoryDatabase, type OtaDatabase } from '@kivyx-ota/database';
import type { IndexRelease } from '@kivyx-ota/manifest';
import { createPublisher, type PublishResult } from '@kivyx-ota/publisher';
import { createApiKey, createOtaServer, type OtaServer, type OtaServerOptions } from '@kivyx-ota/server';
import { memoryStorage, type ObjectStorage } from '@kivyx-ota/storage';

export const pair = generateKeyPair();
export const signer = createLocalSigner(pair.privateKeyPem);
export const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;
export const BODY = { app: 'cafe', channel: 'production', platform: 'android' };
const ORIGIN = 'https://ota.example';

export interface World {
  readonly server: OtaServer;
  readonly database: OtaDatabase;
  readonly storage: ObjectStorage;
  readonly clock: { nowMs: () => number; advance: (seconds: number) => void };
  /** An API key with these scopes. */
  key(
    scopes: readonly ('read' | 'rollout' | 'publish' | 'keys')[],
    apps?: readonly string[],
  ): Promise<string>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: unknown, key?: string, address?: string): Promise<Response>;
  /** Uploads a release as the publisher does, without naming it in the dynamic channel. */
  upload(version: string): Promise<IndexRelease>;
  /** Uploads and publishes. */
  publish(version: string, change?: Partial<IndexRelease>): Promise<IndexRelease>;
}

export async function createWorld(change: Partial<OtaServerOptions> = {}): Promise<World> {
  let nowMs = 1_790_000_000_000;
  const clock = {
    advance: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    nowMs: () => nowMs,
  };
  const database = change.database ?? memoryDatabase();
  const storage = change.storage ?? memoryStorage();
  const server = createOtaServer({
    clock,
    database,
    deviceSecret: new Uint8Array(32).fill(7),
    project: 'acme',
    releaseKeys: [pair.publicKeyPem],
    signer,
    storage,
    ...change,
  });
  const publisher = createPublisher({
    clock,
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    scope: { ...SCOPE, channel: 'uploads' },
    signers: { index: signer, release: signer },
    storage,
    trust: { keys: [pair.publicKeyPem] },
  });
  const key: World['key'] = async (scopes, apps) =>
    (
      await createApiKey(
        database,
        { label: scopes.join(' '), scopes, ...(apps === undefined ? {} : { apps }) },
        { actor: 'test', nowMs },
      )
    ).key;
  const admin = await key(['publish']);
  const post: World['post'] = (path, body, bearer, address) =>
    server.handle(
      new Request(ORIGIN + path, {
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        },
        method: 'POST',
      }),
      address === undefined ? {} : { address },
    );
  const upload: World['upload'] = async (version) => {
    const bytes = new TextEncoder().encode(`print(${JSON.stringify(version)});`);
    const result: PublishResult = await publisher.publish({
      allowPlainJs: true,
      launch: { bytes, path: 'main.js' },
      runtimeVersion: '1',
      version,
    } as never);
    return result.release;
  };
  return {
    clock,
    database,
    get: (path, headers = {}) => server.handle(new Request(ORIGIN + path, { headers })),
    key,
    post,
    publish: async (version, rest = {}) => {
      const release = { ...(await upload(version)), ...rest };
      const response = await post('/releases', { ...BODY, release }, admin);
      if (response.status !== 201) throw new Error(`publish: ${response.status} ${await response.text()}`);
      return release;
    },
    server,
    storage,
    upload,
  };
}

export function updatePath(change: Record<string, string> = {}): string {
  return `/update?${new URLSearchParams({
    ...BODY,
    binary_version: '1.0.0',
    current_version_code: '0',
    device_id: 'device-1',
    runtime_version: '1',
    ...change,
  })}`;
}
