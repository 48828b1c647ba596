// The whole Worker of the dynamic mode: the control plane over D1, files from R2, the index key as a secret.
import { createLocalSigner } from '@kivyx-ota/cose/sign';
import { type D1Binding, d1Dialect, sqlDatabase } from '@kivyx-ota/database-sql';
import { apiKeyAuthentication, createOtaHandler, type OtaHandler, type Principal } from '@kivyx-ota/server';
import { type R2BucketBinding, r2Storage } from '@kivyx-ota/storage-r2';
import { Kysely } from 'kysely';

/** What `wrangler.dynamic.toml` binds. */
export interface DynamicEnv {
  readonly BUCKET: R2BucketBinding;
  readonly DB: D1Binding;
  readonly OTA_PROJECT: string;
  /** Public keys (PEM) that releases are signed with, one after the other. */
  readonly OTA_RELEASE_KEYS: string;
  /** Version of the trust root that indexes are signed under; 0 while apps carry bare keys. */
  readonly OTA_EPOCH?: string;
  /** Secret: the private key (PEM) of the index role. */
  readonly OTA_INDEX_KEY: string;
  /** Secret: 64 hex digits. */
  readonly OTA_DEVICE_SECRET: string;
  /** Secret, until the first API keys are made with it: 64 hex digits. */
  readonly OTA_FIRST_KEY?: string;
}

type EdgeRequest = Request & { readonly cf?: { readonly clientAcceptEncoding?: string } };

// One per isolate: it holds the signed indexes.
let handle: OtaHandler | undefined;

export default {
  fetch: (request: EdgeRequest, env: DynamicEnv): Promise<Response> => {
    handle ??= createHandler(env);
    const headers = new Headers(request.headers);
    // The edge writes `gzip, br` over what the device accepts, and does not undo it for every content type.
    headers.set('accept-encoding', request.cf?.clientAcceptEncoding ?? '');
    // Set by Cloudflare, whatever the device has sent.
    const address = request.headers.get('cf-connecting-ip');
    return handle(new Request(request, { headers }), address === null ? {} : { address });
  },
};

function createHandler(env: DynamicEnv): OtaHandler {
  const db = new Kysely<unknown>({ dialect: d1Dialect({ binding: env.DB }) });
  const database = sqlDatabase({ db, dialect: 'd1' });
  const byKey = apiKeyAuthentication(database);
  return createOtaHandler({
    authenticate: async (request) => (await firstKeyOwner(request, env.OTA_FIRST_KEY)) ?? byKey(request),
    database,
    deviceSecret: hexBytes(env.OTA_DEVICE_SECRET),
    epoch: Number(env.OTA_EPOCH ?? 0),
    // A release that crashes is paused; the line is for whoever is to look at it.
    guardrail: {
      onPause: ({ judgement: { exposed, failed }, release, scope }) =>
        console.warn(
          JSON.stringify({ event: 'guardrail-pause', exposed, failed, scope, version: release.version }),
        ),
    },
    onError: (error) => console.error(error),
    project: env.OTA_PROJECT,
    releaseKeys: env.OTA_RELEASE_KEYS.split(/(?<=-----END PUBLIC KEY-----)/).filter((pem) => /\S/.test(pem)),
    signer: createLocalSigner(env.OTA_INDEX_KEY),
    storage: r2Storage({ bucket: env.BUCKET }),
  });
}

/** Whoever deploys a Worker cannot write its database from a shell as easily as its secrets: this one makes the first keys. */
async function firstKeyOwner(request: Request, secret: string | undefined): Promise<Principal | undefined> {
  if (secret === undefined || !/^[0-9a-f]{64}$/.test(secret)) return undefined;
  // Hashes are compared: how long that takes tells nothing about the secret.
  const [given, wanted] = await Promise.all(
    [request.headers.get('authorization') ?? '', `Bearer ${secret}`].map(async (text) =>
      new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))).join(),
    ),
  );
  return given === wanted ? { id: 'first-key', scopes: ['read', 'rollout', 'publish', 'keys'] } : undefined;
}

function hexBytes(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2}){32,}$/.test(text)) throw new TypeError('OTA_DEVICE_SECRET: at least 64 hex digits');
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
