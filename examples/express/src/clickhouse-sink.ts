import type { OtaServerOptions } from '@kivyx-ota/server';

/** Made once: an event that is sent twice is one row after the next merge. */
export const CLICKHOUSE_TABLE: string = `create table if not exists ota_events (
  event_id String, at DateTime, channel String, release_id String, type String, device_hash String, detail String
) engine = ReplacingMergeTree order by (channel, release_id, type, event_id)`;

/** Forwards telemetry to ClickHouse, one insert per batch. `url`: its HTTP port, with user and password where it wants them. */
export function clickhouseSink(url: string): NonNullable<OtaServerOptions['eventSink']> {
  const address = new URL(url);
  const headers: Record<string, string> = { 'content-type': 'application/x-ndjson' };
  if (address.username !== '') {
    headers['x-clickhouse-user'] = decodeURIComponent(address.username);
    headers['x-clickhouse-key'] = decodeURIComponent(address.password);
    address.username = address.password = '';
  }
  address.searchParams.set('query', 'insert into ota_events format JSONEachRow');
  return async (events) => {
    const rows = events.map(({ atSeconds, channelKey, detail = {}, deviceHash, eventId, releaseId, type }) =>
      JSON.stringify({
        at: atSeconds,
        channel: channelKey,
        detail: JSON.stringify(detail),
        device_hash: deviceHash,
        event_id: eventId,
        release_id: releaseId,
        type,
      }),
    );
    const response = await fetch(address, {
      body: rows.join('\n'),
      headers,
      method: 'POST',
      signal: AbortSignal.timeout(5000),
    });
    // The server counts it and tells onError; the device has its answer already counted in the database.
    if (!response.ok)
      throw new Error(`ClickHouse: ${response.status} ${(await response.text()).slice(0, 200)}`);
  };
}
