import type { ChannelScope, IndexRelease } from '@kivyx-ota/manifest';

/** The state of a channel that every reader needs: one row. */
export interface ChannelHead {
  /** Raised by one with every commit; the condition of the next. Starts at 1. */
  readonly revision: number;
  readonly sequence: number;
  readonly payloadSha256Hex: string;
  /** The signed index as devices get it. */
  readonly envelope: Uint8Array;
  readonly expiresAtSeconds: number;
}

/** A release of a channel. */
export interface StoredRelease {
  readonly release: IndexRelease;
  /** True while the index names it. Older ones stay here for the record and cost a check nothing. */
  readonly indexed: boolean;
}

/** What was done, by whom. */
export interface AuditEntry {
  readonly atMs: number;
  /** Id of an API key, or of what the authentication hook calls the caller. */
  readonly actor: string;
  readonly action: string;
  /** A {@link channelKey}, or `keys`. */
  readonly subject: string;
  readonly releaseId?: string;
  /** A small flat object, for people. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface StoredAuditEntry extends AuditEntry {
  /** Rising within a subject, without gaps, from 1. */
  readonly number: number;
}

/** Everything that one change of a channel writes: all of it or nothing. */
export interface ChannelCommit {
  readonly scope: ChannelScope;
  /** The revision that was read; 0 when there was no head. */
  readonly expectedRevision: number;
  readonly head: Omit<ChannelHead, 'revision'>;
  /** Releases that are new or changed. At most 90, so that it fits the transactions of every store. */
  readonly releases: readonly StoredRelease[];
  readonly audit?: AuditEntry;
}

/** Losing a race is an outcome, not an error. */
export type CommitResult =
  | { readonly committed: true; readonly revision: number }
  | { readonly committed: false };

/** What a key may do. `keys` makes and revokes keys. */
export type ApiScope = 'read' | 'rollout' | 'publish' | 'keys';

/** An API key without its secret. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly label: string;
  readonly secretSha256Hex: string;
  readonly scopes: readonly ApiScope[];
  /** When present, only these apps. */
  readonly apps?: readonly string[];
  readonly createdAtMs: number;
  readonly revokedAtMs?: number;
}

/** A telemetry event as it is kept. */
export interface StoredEvent {
  /** Chosen by the device; the same id twice is one event. */
  readonly eventId: string;
  readonly channelKey: string;
  readonly releaseId: string;
  readonly type: string;
  /** HMAC of the device id; the id itself is never stored. */
  readonly deviceHash: string;
  readonly atSeconds: number;
  readonly expiresAtSeconds: number;
  /** For each of these the device counts once per release, whatever it sends: `healthy`, `exposed`, `failed`, … */
  readonly marks: readonly string[];
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** How often a mark was seen on a release. */
export interface MarkCount {
  readonly mark: string;
  /** Distinct devices. */
  readonly devices: number;
}

/** Devices that were marked for the first time within an hour. */
export interface AdoptionHour extends MarkCount {
  readonly hourStartSeconds: number;
}

/** One page, and how to get the next. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Present when there is more. Opaque. */
  readonly cursor?: string;
}

/**
 * The database of the dynamic control plane. The clauses are the specification; each has a case in
 * `@kivyx-ota/conformance`.
 *
 * 1. `readHead` of a channel that was never committed is `undefined`; so are `readRelease` and `readApiKey` of unknown ids.
 * 2. After `commitChannel` gives `committed: true`, the head, its releases and the audit entry are all there, byte for byte,
 *    for every reader; `revision` is one more than `expectedRevision`.
 * 3. `commitChannel` with an `expectedRevision` that is not the current one gives `committed: false` and writes nothing.
 * 4. Of any number of concurrent commits with one `expectedRevision` exactly one is committed, also between processes.
 * 5. Channels do not see each other: neither releases, nor audit entries, nor counts.
 * 6. `listReleases` gives every release of the channel once, by falling version code, in pages of at most `limit`;
 *    `listIndexed` exactly those with `indexed`, by rising version code. A release that is written again replaces the old one.
 * 7. The audit log only grows: entries are numbered from 1 without gaps within their subject, listed newest first, and
 *    nothing in this interface changes or removes one.
 * 8. API keys come back as they were put; `revokeApiKey` is final and keeps the first time; an id is given once:
 *    `putApiKey` of a used id is `false` and changes nothing. Making and revoking write their audit entry in the same transaction.
 * 9. `recordEvents` is idempotent by `eventId`: of the same event in any number of calls, also concurrent ones, one counts.
 *    It gives the number that were new.
 * 10. Each (channel, release, mark, device) counts once, in the totals and in the hour in which it was first marked.
 * 11. `removeExpired` removes events, and only events, whose `expiresAtSeconds` is not after `nowSeconds`, at most `limit` of
 *    them; totals, marks and hours stay. It gives how many it removed.
 * 12. The number of round trips of an operation does not depend on how much is stored (read budgets of the conformance kit).
 * 13. Text is kept as it is (quotes, line breaks, any Unicode without lone surrogates); integers up to 2^53 − 1 exactly.
 */
export interface OtaDatabase {
  /** For messages. */
  readonly name: string;
  readHead(scope: ChannelScope): Promise<ChannelHead | undefined>;
  commitChannel(commit: ChannelCommit): Promise<CommitResult>;
  readRelease(scope: ChannelScope, releaseId: string): Promise<StoredRelease | undefined>;
  listIndexed(scope: ChannelScope): Promise<readonly StoredRelease[]>;
  /** @throws ERR_DATABASE_CURSOR for a cursor that this did not give */
  listReleases(
    scope: ChannelScope,
    options?: { readonly cursor?: string; readonly limit?: number },
  ): Promise<Page<StoredRelease>>;
  /** @throws ERR_DATABASE_CURSOR */
  listAudit(
    subject: string,
    options?: { readonly cursor?: string; readonly limit?: number },
  ): Promise<Page<StoredAuditEntry>>;
  readApiKey(id: string): Promise<ApiKeyRecord | undefined>;
  putApiKey(key: ApiKeyRecord, audit: AuditEntry): Promise<boolean>;
  /** False for an unknown id. */
  revokeApiKey(id: string, atMs: number, audit: AuditEntry): Promise<boolean>;
  /** At most 50 events of one channel. */
  recordEvents(events: readonly StoredEvent[]): Promise<number>;
  readCounts(scope: ChannelScope, releaseId: string): Promise<readonly MarkCount[]>;
  /** Hours that start within [from, to), by rising time, then mark. */
  readAdoption(
    scope: ChannelScope,
    releaseId: string,
    window: { readonly fromSeconds: number; readonly toSeconds: number },
  ): Promise<readonly AdoptionHour[]>;
  removeExpired(nowSeconds: number, limit: number): Promise<number>;
}
