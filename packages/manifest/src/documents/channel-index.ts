import * as v from 'valibot';
import { hexBytes, json, list, record } from '../codec/codec.ts';
import { type DocumentKind, parseDocument } from '../codec/document.ts';
import {
  hasOneRuntime,
  identifier,
  integer,
  line,
  objectSize,
  platform,
  releaseId,
  sha256,
} from '../codec/schemas.ts';
import { isSorted } from '../codec/is-sorted.ts';
import { LIMITS } from '../limits.ts';
import type { ChannelScope } from '../scope.ts';
import { isTargetingRule, type TargetingRule } from './targeting-rule.ts';

/** `active`: offered. `paused`: kept by those who have it, offered to nobody. `revoked`: left by those who run it. */
export type ReleaseStatus = 'active' | 'paused' | 'revoked';

/** A patch from one launch file to the release's. */
export interface PatchRef {
  /** SHA-256 of the launch file it applies to. */
  readonly baseSha256Hex: string;
  /** SHA-256 of the patch itself. */
  readonly sha256Hex: string;
  readonly sizeBytes: number;
  /** Format id, which is also the suffix of its storage key. Unknown formats are passed over. */
  readonly format: string;
}

/** Patches stand in this order; the writer sorts them. */
export function patchOrder({ baseSha256Hex, format }: { baseSha256Hex: string; format: string }): string {
  return `${baseSha256Hex}.${format}`;
}

/** A release as a channel sees it. */
export interface IndexRelease {
  readonly releaseId: string;
  readonly versionCode: number;
  readonly version: string;
  /** Address and length of the signed manifest, as stored. */
  readonly manifest: { readonly sha256Hex: string; readonly sizeBytes: number };
  /** The launch file of the release: what patches make, and what a device remembers as failed. */
  readonly launchSha256Hex: string;
  readonly runtimeVersion?: string;
  readonly binaryVersion?: string;
  readonly status: ReleaseStatus;
  /** 0 … 10,000; hundredths of a percent of devices. */
  readonly rolloutBasisPoints: number;
  /** Input of the bucket; kept for the life of the release, so that growing keeps everyone who has it. */
  readonly salt: string;
  /** Offered to all (targeting aside) whatever the rollout says, and to be installed at once. */
  readonly mandatory: boolean;
  readonly targeting?: TargetingRule;
  /** Raised to let devices try once more a bundle that failed for unknown reasons. */
  readonly retryToken?: number;
  /** Only when revoked: where devices that run it go. Default: the next lower eligible release, else embedded. */
  readonly rollbackTo?: string;
  readonly patches: readonly PatchRef[];
}

/** Who gets what now, in one channel. Signed by the index role, numbered, and it expires. */
export interface ChannelIndex extends ChannelScope {
  /** Version of the trust root it was made under; with `sequence` the order of indexes. */
  readonly epoch: number;
  readonly sequence: number;
  readonly issuedAtSeconds: number;
  readonly expiresAtSeconds: number;
  /** SHA-256 of the payload before this one; absent in the first. */
  readonly previousSha256Hex?: string;
  /** By rising versionCode. */
  readonly releases: readonly IndexRelease[];
}

/** Everything known about this kind of document; the sign entry encodes with it. */
export const CHANNEL_INDEX: DocumentKind<ChannelIndex> = /* @__PURE__ */ (() => {
  const patch = v.strictObject({
    baseSha256Hex: sha256,
    format: v.pipe(v.string(), v.regex(/^[a-z0-9]{1,16}$/, 'expected a format id')),
    sha256Hex: sha256,
    sizeBytes: objectSize,
  });
  const release = v.pipe(
    v.strictObject({
      releaseId,
      versionCode: integer(1),
      version: line(64),
      manifest: v.strictObject({ sha256Hex: sha256, sizeBytes: integer(1, LIMITS.manifestSizeBytes) }),
      launchSha256Hex: sha256,
      runtimeVersion: v.exactOptional(line(128)),
      binaryVersion: v.exactOptional(line(128)),
      status: v.picklist(['active', 'paused', 'revoked']),
      rolloutBasisPoints: integer(0, 10_000),
      salt: line(128),
      mandatory: v.boolean(),
      targeting: v.exactOptional(v.custom<TargetingRule>(isTargetingRule, 'expected a targeting rule')),
      retryToken: v.exactOptional(integer(0)),
      rollbackTo: v.exactOptional(identifier),
      patches: v.pipe(v.array(patch), v.maxLength(LIMITS.patchesPerRelease)),
    }),
    v.check((value) => hasOneRuntime(value), 'expected either runtimeVersion or binaryVersion'),
    v.check(
      ({ rollbackTo, status }) => rollbackTo === undefined || status === 'revoked',
      'rollbackTo is for revoked releases',
    ),
    v.check(
      ({ patches }) => isSorted(patches.map(patchOrder)),
      'patches are sorted by base and format, each pair once',
    ),
  );
  const schema = v.pipe(
    v.strictObject({
      formatVersion: v.literal(1),
      project: identifier,
      app: identifier,
      platform,
      channel: identifier,
      epoch: integer(0),
      sequence: integer(1),
      issuedAtSeconds: integer(0),
      expiresAtSeconds: integer(0),
      previousSha256Hex: v.exactOptional(sha256),
      releases: v.pipe(v.array(release), v.maxLength(LIMITS.releases)),
    }),
    v.check(
      ({ issuedAtSeconds, expiresAtSeconds }) =>
        expiresAtSeconds > issuedAtSeconds &&
        expiresAtSeconds - issuedAtSeconds <= LIMITS.indexLifetimeSeconds,
      'an index lives longer than 0 s and at most 7 days',
    ),
    v.check(
      ({ sequence, previousSha256Hex }) => (sequence === 1) === (previousSha256Hex === undefined),
      'previousSha256 is for every index but the first',
    ),
    v.check(
      ({ releases }) =>
        releases.every((one, i) => i === 0 || (releases[i - 1]?.versionCode as number) < one.versionCode),
      'releases are listed by rising versionCode',
    ),
    v.check(
      ({ releases }) => new Set(releases.map(({ releaseId }) => releaseId)).size === releases.length,
      'two releases have one id',
    ),
    v.transform(({ formatVersion: _formatVersion, ...index }): ChannelIndex => index as ChannelIndex),
  );
  return {
    codec: record({
      formatVersion: 1,
      project: 2,
      app: 3,
      platform: 4,
      channel: 5,
      epoch: 6,
      sequence: 7,
      issuedAtSeconds: 8,
      expiresAtSeconds: 9,
      previousSha256Hex: [10, hexBytes],
      releases: [
        11,
        list(
          record({
            releaseId: 1,
            versionCode: 2,
            version: 3,
            manifest: [4, record({ sha256Hex: [1, hexBytes], sizeBytes: 2 })],
            launchSha256Hex: [5, hexBytes],
            runtimeVersion: 6,
            binaryVersion: 7,
            status: 8,
            rolloutBasisPoints: 9,
            salt: 10,
            mandatory: 11,
            targeting: [12, json],
            retryToken: 13,
            rollbackTo: 14,
            patches: [
              15,
              list(
                record({ baseSha256Hex: [1, hexBytes], sha256Hex: [2, hexBytes], sizeBytes: 3, format: 4 }),
              ),
            ],
          }),
        ),
      ],
    }),
    maxSizeBytes: LIMITS.indexSizeBytes,
    name: 'channel index',
    schema: schema as v.GenericSchema<unknown, ChannelIndex>,
  };
})();

/**
 * The channel index inside `payload` (untrusted; its signature is a matter of verifyChannelIndex).
 *
 * @throws ERR_DOCUMENT_SIZE, ERR_DOCUMENT_VERSION, ERR_DOCUMENT_SHAPE, ERR_CBOR_…
 */
export function parseChannelIndex(payload: Uint8Array): ChannelIndex {
  return parseDocument(CHANNEL_INDEX, payload);
}
