import type { DeviceFacts } from '@kivyx-ota/rollout';
import * as v from 'valibot';
import { serverError } from '../http/error.ts';
import type { SCHEMAS } from '../http/schemas.ts';

/** The query of `GET /update` for `facts`: what a thin client sends. Failures that may be retried carry their token. */
export function encodeUpdateQuery(facts: DeviceFacts): URLSearchParams {
  const query = new URLSearchParams({
    app: facts.app,
    binary_version: facts.binaryVersion,
    channel: facts.channel,
    current_version_code: String(facts.currentVersionCode),
    device_id: facts.deviceId,
    platform: facts.platform,
  });
  const set = (name: string, value: string | number | undefined): void => {
    if (value !== undefined && value !== '') query.set(name, String(value));
  };
  set('current_release_id', facts.currentReleaseId);
  set('embedded_version_code', facts.embeddedVersionCode);
  set('highest_version_code', facts.highestVersionCode);
  set('runtime_version', facts.runtimeVersion);
  set('revoked', facts.revokedReleaseIds?.join(','));
  set(
    'failed',
    facts.failedSha256Hex
      ?.map((hash) => (facts.retryTokens?.[hash] === undefined ? hash : `${hash}:${facts.retryTokens[hash]}`))
      .join(','),
  );
  if (facts.attributes !== undefined) query.set('attributes', JSON.stringify(facts.attributes));
  return query;
}

/** The facts in a query that has its shape. @throws ERR_SERVER_INPUT */
export function decodeUpdateQuery(
  query: v.InferOutput<typeof SCHEMAS.updateQuery>,
  project: string,
): DeviceFacts {
  const failed: string[] = [];
  const retryTokens: Record<string, number> = {};
  for (const one of query.failed?.split(',') ?? []) {
    const [hash = '', token] = one.split(':');
    failed.push(hash);
    if (token !== undefined) retryTokens[hash] = Number(token);
  }
  return {
    app: query.app,
    binaryVersion: query.binary_version,
    channel: query.channel,
    currentVersionCode: Number(query.current_version_code),
    deviceId: query.device_id,
    platform: query.platform,
    project,
    ...(failed.length === 0 ? {} : { failedSha256Hex: failed, retryTokens }),
    ...(query.current_release_id === undefined ? {} : { currentReleaseId: query.current_release_id }),
    ...(query.embedded_version_code === undefined
      ? {}
      : { embeddedVersionCode: Number(query.embedded_version_code) }),
    ...(query.highest_version_code === undefined
      ? {}
      : { highestVersionCode: Number(query.highest_version_code) }),
    ...(query.runtime_version === undefined ? {} : { runtimeVersion: query.runtime_version }),
    ...(query.revoked === undefined ? {} : { revokedReleaseIds: query.revoked.split(',') }),
    ...(query.attributes === undefined ? {} : { attributes: readAttributes(query.attributes) }),
  };
}

function readAttributes(text: string): Record<string, string | number | boolean> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Falls through to the refusal.
  }
  const shape = v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]));
  const result = v.safeParse(shape, value);
  if (!result.success || Array.isArray(value))
    throw serverError('ERR_SERVER_INPUT', 'attributes: expected a flat JSON object');
  return result.output;
}
