import type { Clock } from '@kivyx-ota/core';
import type { Signer } from '@kivyx-ota/cose/sign';
import type { parsePublicKey } from '@kivyx-ota/cose';
import type { ApiScope, OtaDatabase, StoredEvent } from '@kivyx-ota/database';
import type { ObjectStorage } from '@kivyx-ota/storage';
import type { GuardrailOptions } from './guardrail/guardrail-options.ts';
import type { InFlightLimits } from './http/in-flight-limits.ts';

/** Who makes an admin request. */
export interface Principal {
  /** What the audit log calls them. */
  readonly id: string;
  readonly scopes: readonly ApiScope[];
  /** When present, only these apps. */
  readonly apps?: readonly string[];
}

/** What the host knows of a request and the request itself does not say. */
export interface RequestContext {
  /** Address of the peer, of the load balancer's client where one is trusted. Used for rate limits, kept nowhere. */
  readonly address?: string;
}

export interface RateLimitRequest {
  readonly route: 'telemetry' | 'admin';
  /** HMAC of the device id, or the id of the principal. */
  readonly subject: string;
  readonly address?: string;
}

/** Undefined when allowed, else the seconds to wait. */
export type RateLimit = (request: RateLimitRequest) => number | undefined | Promise<number | undefined>;

/** What a server is made from. */
export interface OtaServerOptions {
  /** Owner of the trust root; one handler serves one project. */
  readonly project: string;
  readonly storage: ObjectStorage;
  readonly database: OtaDatabase;
  /** Signs indexes; its key must be in the index role of the trust root. */
  readonly signer: Signer;
  /** Keys of the release role: a manifest that they did not sign is refused. */
  readonly releaseKeys: readonly Parameters<typeof parsePublicKey>[0][];
  /** Version of the trust root; 0 for apps that ship bare keys. */
  readonly epoch?: number;
  /** Secret behind device hashes and tickets: at least 32 bytes, the same on every instance. */
  readonly deviceSecret: Uint8Array;
  readonly clock?: Clock;
  /** Default: API keys of the database as bearer tokens. */
  readonly authenticate?: (request: Request) => Promise<Principal | undefined>;
  /** Default: token buckets in this process. */
  readonly rateLimit?: RateLimit;
  /** Turns the device id of a request into the one that is hashed; undefined refuses it. Default: as it is. */
  readonly identifyDevice?: (deviceId: string, request: Request) => string | undefined;
  /** Gets every batch after it is stored, and five seconds. A failure is counted, and changes nothing for the device. */
  readonly eventSink?: (events: readonly StoredEvent[]) => void | Promise<void>;
  /** Gets what is hidden from callers. Default: nothing. */
  readonly onError?: (error: unknown) => void;
  /** Lifetime of an index; it is signed anew at half of it. Default one day, at most seven. */
  readonly indexLifetimeSeconds?: number;
  /** How long a head that was read is good without asking the database again. Default 1000. */
  readonly recheckMs?: number;
  /** Releases an index names at most; older ones are archived. Default 100. */
  readonly maxIndexedReleases?: number;
  /** How long events are kept. Default 30 days. */
  readonly eventRetentionSeconds?: number;
  /** Devices of one subnet (IPv4 /24, IPv6 /48) that count for the guardrail, per release and hour. Default 20. */
  readonly guardedDevicesPerSubnet?: number;
  /** Pauses crashing releases by itself. Default: off. */
  readonly guardrail?: GuardrailOptions;
  /**
   * Requests in work at once, by class; above, 503 with Retry-After, so that none can slow another. Default: 1000 checks
   * (index and update), 16 telemetry, 32 admin, 256 files.
   */
  readonly maxInFlight?: Partial<InFlightLimits>;
}
