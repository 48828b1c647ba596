import type { Kysely } from 'kysely';

/** What the tables hold. Numbers may come back as text or bigint, depending on the driver: rows.ts reads them. */
export interface OtaTables {
  kivyx_channel: {
    channel: string;
    revision: number;
    sequence: number;
    payload_sha256: string;
    envelope: Uint8Array;
    expires_at: number;
  };
  kivyx_release: {
    channel: string;
    release_id: string;
    version_code: number;
    indexed: number;
    body: string;
  };
  kivyx_audit_number: { subject: string; last_number: number };
  kivyx_audit: {
    subject: string;
    number: number;
    at_ms: number;
    actor: string;
    action: string;
    release_id: string | null;
    detail: string | null;
  };
  kivyx_api_key: {
    id: string;
    label: string;
    secret_sha256: string;
    scopes: string;
    apps: string | null;
    created_at_ms: number;
    revoked_at_ms: number | null;
  };
  kivyx_event: {
    channel: string;
    event_id: string;
    release_id: string;
    type: string;
    device_hash: string;
    at_seconds: number;
    expires_at: number;
    marks: string;
    detail: string | null;
  };
  /** Not on SQLite and D1. `hour_start` is that in which the device was first marked. */
  kivyx_device_mark: {
    channel: string;
    release_id: string;
    mark: string;
    device_hash: string;
    hour_start: number;
  };
  /** SQLite and D1: `id` is that of an event, or the hash of a device that has a mark. */
  kivyx_known: {
    channel: string;
    id: string;
    is_mark: number;
    release_id: string;
    mark: string;
    hour_start: number;
  };
  /** `hour_start` is {@link ALL_HOURS} in the row that holds the total. */
  kivyx_count: { channel: string; release_id: string; hour_start: number; mark: string; devices: number };
  /** MySQL only: who holds the row writes the telemetry of the channel. */
  kivyx_telemetry_lock: { channel: string };
  kivyx_migration: { id: string; applied_at_ms: number };
}

export type OtaKysely = Kysely<OtaTables>;

/** A Kysely of whatever tables: its type has no supertype but this. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyKysely = Kysely<any>;

export const ALL_HOURS = -1;

/** `d1` is SQLite without interactive transactions: what belongs together goes in one `batch()`. */
export type SqlDialectName = 'sqlite' | 'postgres' | 'mysql' | 'd1';
