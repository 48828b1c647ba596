// The dynamic mode on your machine: keys and secrets made up, the first API key made as in the cloud.
import type { GeneratedKeyPair } from '@kivyx-ota/cose/sign';
import { randomBytes } from 'node:crypto';
import { type LocalCloud, startLocalCloud } from './local-cloud.ts';
import { SCOPE } from './publish.ts';

/** A {@link LocalCloud} whose Worker is the control plane. */
export interface DynamicCloud extends LocalCloud {
  /** Makes one with the first key, as `curl` would in the cloud. */
  createApiKey(scopes: readonly string[]): Promise<string>;
  /** An admin verb on the channel of this example. */
  post(path: string, apiKey: string, body: object): Promise<Response>;
}

/** Starts it. */
export async function startDynamicCloud(options: {
  readonly indexKeys: GeneratedKeyPair;
  readonly releaseKeys: GeneratedKeyPair;
  readonly port?: number;
}): Promise<DynamicCloud> {
  const firstKey = randomBytes(32).toString('hex');
  const cloud = await startLocalCloud({
    dynamic: {
      OTA_DEVICE_SECRET: randomBytes(32).toString('hex'),
      OTA_FIRST_KEY: firstKey,
      OTA_INDEX_KEY: options.indexKeys.privateKeyPem,
      OTA_PROJECT: SCOPE.project,
      OTA_RELEASE_KEYS: options.releaseKeys.publicKeyPem,
    },
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const send = (path: string, key: string, body: object): Promise<Response> =>
    fetch(cloud.url + path, {
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      method: 'POST',
    });
  const { app, channel, platform } = SCOPE;
  return {
    ...cloud,
    createApiKey: async (scopes) => {
      const response = await send('keys', firstKey, { label: 'ci', scopes });
      const { key } = (await response.json()) as { key?: string };
      if (key === undefined) throw new Error(`No API key: ${response.status}`);
      return key;
    },
    post: (path, apiKey, body) => send(path, apiKey, { app, channel, platform, ...body }),
  };
}
