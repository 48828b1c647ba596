import { ADMIN, READER } from './create-recorded-server.ts';
import type { IndexRelease } from '@kivyx-ota/manifest';

/** One request of the suite; they are asked in order, and what one changes the next ones see. */
export interface RecordedRequest {
  readonly title: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE' | 'PUT';
  /** As it goes over the line: percent-encoded or not, this is what is sent. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const CHANNEL = { app: 'cafe', channel: 'production', platform: 'android' };
const QUERY = new URLSearchParams(CHANNEL).toString();
const INDEX = '/v1/apps/cafe/android/production/index';

/** The suite. `releases` are uploaded and not yet in the channel. */
export function recordedRequests([first, second]: readonly IndexRelease[]): readonly RecordedRequest[] {
  if (first === undefined || second === undefined) throw new RangeError('recordedRequests: two releases');
  const get = (title: string, path: string, headers?: Readonly<Record<string, string>>): RecordedRequest => ({
    method: 'GET',
    path,
    title,
    ...(headers === undefined ? {} : { headers }),
  });
  const post = (title: string, path: string, body: unknown, authorization?: string): RecordedRequest => ({
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    method: 'POST',
    path,
    title,
  });
  const admin = (title: string, path: string, body: unknown = CHANNEL): RecordedRequest =>
    post(title, path, body, ADMIN);
  const read = (title: string, path: string): RecordedRequest => get(title, path, { authorization: READER });
  const update = (title: string, change: Readonly<Record<string, string>> = {}): RecordedRequest =>
    get(
      title,
      `/update?${new URLSearchParams({
        ...CHANNEL,
        binary_version: '1.0.0',
        current_version_code: '0',
        device_id: 'device-1',
        runtime_version: '1',
        ...change,
      })}`,
    );
  const told = (type: string, number: number, change: object = {}): object => ({
    at_seconds: 1_790_000_000,
    event_id: `event-${number}-of-suite`,
    release_id: first.releaseId,
    type,
    ...change,
  });
  const batch = (events: readonly object[], device = 'device-1'): object => ({
    ...CHANNEL,
    device_id: device,
    events,
  });
  return [
    get('alive', '/healthz'),
    get('the OpenAPI document', '/openapi.json'),
    get('no such route', '/nowhere'),
    get('an index before anything is published', INDEX),
    post('publishing without a key', '/releases', { ...CHANNEL, release: first }),
    post('publishing with a key that may only read', '/releases', { ...CHANNEL, release: first }, READER),
    admin('publishing', '/releases', { ...CHANNEL, release: first }),
    admin('publishing again', '/releases', { ...CHANNEL, release: first }),
    get('the index', INDEX),
    get('the index, which the reader has', INDEX, { 'if-none-match': '*' }),
    get('the index, another one known', INDEX, { 'if-none-match': '"other", W/"one"' }),
    { method: 'HEAD', path: INDEX, title: 'the index, its head only' },
    get('the index as the static mode names it', '/channels/cafe/android/production/index.cose'),
    get('a percent-encoded name', '/v1/apps/caf%65/android/production/index'),
    get('a name in another case', '/v1/apps/Cafe/android/production/index'),
    get('an encoded slash', '/v1/apps/cafe/android/production%2F../index'),
    { ...post('another method', INDEX, {}), method: 'PUT' },
    update('an update'),
    update('an update, explained', { explain: '1' }),
    update('no update for another runtime', { runtime_version: '2' }),
    update('text beyond ASCII', { attributes: '{"city":"Köln ✓"}', device_id: 'gerät/1 & 2' }),
    update('a query of another shape', { current_version_code: '-1' }),
    get('a name given twice', `${update('').path}&app=cafe`),
    get('the manifest', `/manifests/${first.manifest.sha256Hex}.cose`),
    get('a part of the manifest', `/manifests/${first.manifest.sha256Hex}.cose`, { range: 'bytes=0-15' }),
    get('an object that is not there', `/objects/${'0'.repeat(64)}`),
    post('telemetry', '/telemetry', batch([told('install', 1), told('launch', 2), told('healthy', 3)])),
    post('the same telemetry', '/telemetry', batch([told('install', 1)])),
    post('a crash, beyond ASCII', '/telemetry', batch([told('crash', 4, { cause: 'Überlauf ✓' })], 'gerät')),
    post('telemetry of one line', '/telemetry', {
      ...CHANNEL,
      device_id: 'by hand',
      event_type: 'apply',
      version_code: first.versionCode,
    }),
    post(
      'telemetry about an unknown release',
      '/telemetry',
      batch([told('check', 5, { release_id: 'none' })]),
    ),
    post('telemetry that is not JSON', '/telemetry', '{'),
    post('telemetry with unknown members', '/telemetry', { ...batch([told('check', 6)]), password: 'x' }),
    post('telemetry that is too large', '/telemetry', ' '.repeat(16_385)),
    read('the funnel', `/releases/${first.releaseId}/funnel?${QUERY}`),
    read('adoption over time', `/releases/${first.releaseId}/adoption?${QUERY}`),
    admin('publishing the next', '/releases', { ...CHANNEL, release: second }),
    admin('a rollout', '/rollout', { ...CHANNEL, percent: 12.5, release_id: second.releaseId }),
    admin('a rollout of more than all', '/rollout', {
      ...CHANNEL,
      percent: 101,
      release_id: second.releaseId,
    }),
    admin('a rollout of an unknown release', '/rollout', { ...CHANNEL, percent: 1, release_id: 'none' }),
    admin('a pause', `/releases/${second.releaseId}/pause`),
    get('the index after the pause', INDEX),
    admin('a resumption', `/releases/${second.releaseId}/resume`),
    admin('another try', `/releases/${second.releaseId}/retry`),
    admin('a patch that is not there', `/releases/${second.releaseId}/patches`, {
      ...CHANNEL,
      patches: [{ baseSha256Hex: '0'.repeat(64), format: 'kvh1', sha256Hex: '0'.repeat(64), sizeBytes: 119 }],
    }),
    admin('a promotion', `/releases/${first.releaseId}/promote`, { ...CHANNEL, to_channel: 'beta' }),
    admin('a revocation', `/releases/${first.releaseId}/revoke`),
    update('the way back', {
      current_release_id: first.releaseId,
      current_version_code: String(first.versionCode),
    }),
    read('all releases', `/releases?${QUERY}`),
    read('a page of releases', `/releases?${QUERY}&limit=1`),
    read('the audit log', `/audit?${QUERY}`),
    read('a cursor that nobody gave', `/audit?${QUERY}&cursor=none`),
    get('metrics without a key', '/metrics'),
    admin('a key for more than there is', '/keys', { label: 'x', scopes: ['everything'] }),
    {
      headers: { authorization: ADMIN },
      method: 'DELETE',
      path: '/keys/00000000000000cc',
      title: 'an unknown key',
    },
    {
      headers: { authorization: ADMIN },
      method: 'DELETE',
      path: '/keys/00000000000000bb',
      title: 'revoking a key',
    },
    read('the revoked key', `/audit?${QUERY}`),
  ];
}
