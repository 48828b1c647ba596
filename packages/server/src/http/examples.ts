import type { IndexRelease } from '@kivyx-ota/manifest';
import type { RouteName } from './routes.ts';

const HASHES = {
  base: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  launch: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  manifest: 'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9',
};
const release: IndexRelease = {
  launchSha256Hex: HASHES.launch,
  mandatory: false,
  manifest: { sha256Hex: HASHES.manifest, sizeBytes: 702 },
  patches: [{ baseSha256Hex: HASHES.base, format: 'kvh1', sha256Hex: HASHES.base, sizeBytes: 119 }],
  releaseId: '1.0.1-2c26b46b68ff',
  rolloutBasisPoints: 2500,
  runtimeVersion: 'native-1',
  salt: '1.0.1-2c26b46b68ff',
  status: 'active',
  version: '1.0.1',
  versionCode: 2,
};
const { releaseId, versionCode } = release;
const changed = { changed: true, release, sequence: 12 };
const { manifest, patches, ...named } = release;

const channel = { app: 'cafe', channel: 'production', platform: 'android' };

/** One request of each route that takes something, for the OpenAPI document and its page; a test asks them. `id`: of a release or key. */
export const REQUESTS: Partial<
  Record<RouteName, { readonly query?: Readonly<Record<string, string>>; readonly body?: object }>
> = {
  adoption: { query: channel },
  audit: { query: { ...channel, limit: '20' } },
  channelAdoption: { query: channel },
  createKey: { body: { label: 'ci', scopes: ['read', 'rollout', 'publish'] } },
  funnel: { query: channel },
  patches: { body: { ...channel, patches: release.patches } },
  pause: { body: channel },
  promote: { body: { ...channel, basis_points: 1000, to_channel: 'beta' } },
  publish: { body: { ...channel, release } },
  releases: { query: { ...channel, limit: '20' } },
  resume: { body: channel },
  retry: { body: channel },
  revoke: { body: { ...channel, rollback_to: 'embedded' } },
  rollout: { body: { ...channel, percent: 25, release_id: release.releaseId } },
  telemetry: {
    body: {
      ...channel,
      device_id: 'phone-1',
      events: [
        {
          at_seconds: 1_790_000_000,
          event_id: '0b9c6a1e-healthy',
          release_id: release.releaseId,
          type: 'healthy',
        },
      ],
    },
  },
  update: {
    query: {
      ...channel,
      binary_version: '1.0.0',
      current_version_code: '1',
      device_id: 'phone-1',
      runtime_version: 'native-1',
    },
  },
};

/** What routes answer with, for the OpenAPI document; a test compares their members with real answers. */
export const EXAMPLES: Partial<Record<RouteName, unknown>> = {
  adoption: { hours: [{ devices: 120, hourStartSeconds: 1_790_000_400, mark: 'healthy' }] },
  audit: {
    cursor: '7',
    entries: [
      {
        action: 'rollout',
        actor: '0123456789abcdef',
        atMs: 1_790_000_000_000,
        detail: { basisPoints: 2500 },
        number: 7,
        releaseId,
        subject: 'acme/cafe/android/production',
      },
    ],
  },
  channelAdoption: { mark: 'healthy', releases: [{ devices: 900, releaseId, versionCode }] },
  createKey: { id: '0123456789abcdef', key: 'kvx_0123456789abcdef_…' },
  funnel: { devices: { healthy: 900, install: 1000 } },
  health: { status: 'ok' },
  patches: changed,
  pause: { ...changed, release: { ...release, status: 'paused' } },
  promote: { ...changed, release: { ...release, rolloutBasisPoints: 10_000 } },
  publish: changed,
  releases: { cursor: `2:${releaseId}`, releases: [{ indexed: true, release }] },
  resume: changed,
  retry: { ...changed, release: { ...release, retryToken: 1 } },
  revoke: { ...changed, release: { ...release, status: 'revoked' } },
  revokeKey: { id: '0123456789abcdef', revoked: true },
  rollout: changed,
  telemetry: { accepted: 6, ignored: 0 },
  update: {
    action: 'update',
    mandatory: false,
    manifest: { key: `manifests/${HASHES.manifest}.cose`, ...manifest },
    patches: patches.map((patch) => ({
      key: `patches/${HASHES.base}/${HASHES.launch}.kvh1`,
      ...patch,
    })),
    reasons: [{ code: 'R_SELECTED', releaseId }],
    release: named,
    ticket: '1790604800.…',
  },
};
