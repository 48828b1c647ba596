import { type IndexRelease, LIMITS } from '@kivyx-ota/manifest';
import * as v from 'valibot';
import { API_SCOPES } from '../access/api-scopes.ts';

// The one place that says what comes in: requests are read with these, and the OpenAPI document is made from them.

const part = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/));
/** Neither control characters nor halves of characters, which have no UTF-8. */
const line = (max: number): v.GenericSchema<string> =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(max), v.regex(/^[^\p{Cc}\p{Cs}]*$/u));
const decimal = v.pipe(v.string(), v.regex(/^(?:0|[1-9][0-9]{0,15})$/));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const platform = v.picklist(['android', 'ios']);
const channel = { app: part, channel: part, platform };
const basisPoints = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000));

export const deviceId: v.GenericSchema<string> = line(256);
const EVENT_TYPES = [
  'check',
  'download',
  'patch_hit',
  'patch_fallback',
  'install',
  'launch',
  'healthy',
  'rollback',
  'crash',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

const scope = v.object(channel);
const updateQuery = v.object({
  ...channel,
  attributes: v.exactOptional(v.pipe(v.string(), v.maxLength(2048))),
  binary_version: line(128),
  current_release_id: v.exactOptional(line(128)),
  current_version_code: decimal,
  device_id: deviceId,
  embedded_version_code: v.exactOptional(decimal),
  explain: v.exactOptional(v.picklist(['0', '1'])),
  /** Comma-separated hashes of launch files that failed; `hash:token` for those with a retry token. */
  failed: v.exactOptional(
    v.pipe(
      v.string(),
      v.maxLength(4096),
      v.regex(/^[0-9a-f]{64}(?::[0-9]{1,15})?(?:,[0-9a-f]{64}(?::[0-9]{1,15})?)*$/),
    ),
  ),
  highest_version_code: v.exactOptional(decimal),
  revoked: v.exactOptional(v.pipe(v.string(), v.maxLength(4096))),
  runtime_version: v.exactOptional(line(128)),
});
const limit = v.exactOptional(v.pipe(v.string(), v.regex(/^(?:[1-9][0-9]?|100)$/)));
const listQuery = v.object({
  ...channel,
  cursor: v.exactOptional(v.pipe(v.string(), v.maxLength(512))),
  limit,
});
const channelAdoptionQuery = v.object({ ...channel, limit });
const adoptionQuery = v.object({
  ...channel,
  from_seconds: v.exactOptional(decimal),
  to_seconds: v.exactOptional(decimal),
});
const release = v.looseObject({
  manifest: v.strictObject({ sha256Hex: hash, sizeBytes: v.number() }),
  releaseId: line(128),
  versionCode: v.pipe(v.number(), v.safeInteger()),
});
const publishBody = v.strictObject({
  ...channel,
  release: release as unknown as v.GenericSchema<IndexRelease>,
});
const rolloutBody = v.pipe(
  v.strictObject({
    ...channel,
    basis_points: v.exactOptional(basisPoints),
    percent: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
    release_id: line(128),
  }),
  v.check(
    ({ basis_points, percent }) => (basis_points === undefined) !== (percent === undefined),
    'expected either percent or basis_points',
  ),
);
const patchesBody = v.strictObject({
  ...channel,
  patches: v.pipe(
    v.array(
      v.strictObject({
        baseSha256Hex: hash,
        format: v.pipe(v.string(), v.regex(/^[a-z0-9]{1,16}$/)),
        sha256Hex: hash,
        sizeBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      }),
    ),
    v.minLength(1),
    v.maxLength(LIMITS.patchesPerRelease),
  ),
});
const statusBody = v.strictObject(channel);
const revokeBody = v.strictObject({ ...channel, rollback_to: v.exactOptional(line(128)) });
const promoteBody = v.strictObject({
  ...channel,
  basis_points: v.exactOptional(basisPoints),
  to_channel: part,
});
const keyBody = v.strictObject({
  apps: v.exactOptional(v.pipe(v.array(part), v.maxLength(100))),
  label: line(128),
  scopes: v.pipe(v.array(v.picklist(API_SCOPES)), v.minLength(1), v.maxLength(4)),
});
const eventId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._:-]{8,64}$/));
const event = v.strictObject({
  at_seconds: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  bytes: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  cause: v.exactOptional(line(64)),
  duration_ms: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  event_id: eventId,
  release_id: line(128),
  ticket: v.exactOptional(v.pipe(v.string(), v.maxLength(128))),
  type: v.picklist(EVENT_TYPES),
});
const batchBody = v.strictObject({
  ...channel,
  device_id: deviceId,
  events: v.pipe(v.array(event), v.minLength(1), v.maxLength(50)),
});
/** For clients written by hand: one event, by version code. `apply` is a launch. */
const simpleBody = v.strictObject({
  ...channel,
  device_id: deviceId,
  event_id: v.exactOptional(eventId),
  event_type: v.picklist([...EVENT_TYPES, 'apply']),
  version_code: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

export const SCHEMAS = {
  adoptionQuery,
  batchBody,
  channelAdoptionQuery,
  keyBody,
  listQuery,
  patchesBody,
  promoteBody,
  publishBody,
  revokeBody,
  rolloutBody,
  scope,
  simpleBody,
  statusBody,
  telemetryBody: v.union([batchBody, simpleBody]),
  updateQuery,
} as const;
