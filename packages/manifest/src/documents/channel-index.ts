import { type DocumentKind, parseDocument } from '../shape/document.ts';
import {
  identifier,
  integer,
  line,
  list,
  objectSize,
  platform,
  record,
  releaseId,
  sha256,
  text,
  word,
} from '../shape/shape.ts';
import { isSorted } from '../shape/is-sorted.ts';
import { LIMITS } from '../limits.ts';
import type { ChannelScope } from '../scope.ts';
import { ONE_RUNTIME } from './one-runtime.ts';
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
export const CHANNEL_INDEX: DocumentKind<ChannelIndex> = /* @__PURE__ */ (() => ({
  maxSizeBytes: LIMITS.indexSizeBytes,
  name: 'channel index',
  shape: record<ChannelIndex>(
    {
      project: [2, identifier],
      app: [3, identifier],
      platform: [4, platform],
      channel: [5, identifier],
      epoch: [6, integer(0)],
      sequence: [7, integer(1)],
      issuedAtSeconds: [8, integer(0)],
      expiresAtSeconds: [9, integer(0)],
      previousSha256Hex: [10, sha256, 'optional'],
      releases: [
        11,
        list<IndexRelease>(
          record<IndexRelease>(
            {
              releaseId: [1, releaseId],
              versionCode: [2, integer(1)],
              version: [3, line(64)],
              manifest: [
                4,
                record<IndexRelease['manifest']>({
                  sha256Hex: [1, sha256],
                  sizeBytes: [2, integer(1, LIMITS.manifestSizeBytes)],
                }),
              ],
              launchSha256Hex: [5, sha256],
              runtimeVersion: [6, line(128), 'optional'],
              binaryVersion: [7, line(128), 'optional'],
              status: [8, word('active', 'paused', 'revoked')],
              rolloutBasisPoints: [9, integer(0, 10_000)],
              salt: [10, line(128)],
              mandatory: [11, { kind: 'boolean' }],
              targeting: [
                12,
                { expected: 'a targeting rule', holds: isTargetingRule, kind: 'json' },
                'optional',
              ],
              retryToken: [13, integer(0), 'optional'],
              rollbackTo: [14, identifier, 'optional'],
              patches: [
                15,
                list<PatchRef>(
                  record<PatchRef>({
                    baseSha256Hex: [1, sha256],
                    sha256Hex: [2, sha256],
                    sizeBytes: [3, objectSize],
                    format: [4, text(/^[a-z0-9]{1,16}$/)],
                  }),
                  0,
                  LIMITS.patchesPerRelease,
                  [(patches) => isSorted(patches.map(patchOrder)), 'sorted by base and format'],
                ),
              ],
            },
            ONE_RUNTIME,
            [
              ({ rollbackTo, status }) => rollbackTo === undefined || status === 'revoked',
              'rollbackTo only where revoked',
            ],
          ),
          0,
          LIMITS.releases,
          [
            (releases) =>
              releases.every(
                ({ versionCode }, i) =>
                  i === 0 || (releases[i - 1] as IndexRelease).versionCode < versionCode,
              ),
            'rising version codes',
          ],
          [
            (releases) => new Set(releases.map(({ releaseId }) => releaseId)).size === releases.length,
            'each release once',
          ],
        ),
      ],
    },
    [
      ({ issuedAtSeconds, expiresAtSeconds }) =>
        expiresAtSeconds > issuedAtSeconds &&
        expiresAtSeconds - issuedAtSeconds <= LIMITS.indexLifetimeSeconds,
      'a life of at most 7 days',
    ],
    [
      ({ sequence, previousSha256Hex }) => (sequence === 1) === (previousSha256Hex === undefined),
      'previousSha256Hex in all but the first',
    ],
  ),
}))();

/**
 * The channel index inside `payload` (untrusted; its signature is a matter of verifyChannelIndex).
 *
 * @throws ERR_DOCUMENT_SIZE, ERR_DOCUMENT_VERSION, ERR_DOCUMENT_SHAPE, ERR_CBOR_…
 */
export function parseChannelIndex(payload: Uint8Array): ChannelIndex {
  return parseDocument(CHANNEL_INDEX, payload);
}
