import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';
import type { Decision, DeviceFacts } from '@kivyx-ota/rollout';

interface Case {
  readonly name: string;
  readonly index: ChannelIndex;
  readonly device: DeviceFacts;
  readonly nowSeconds: number;
}

/** A decision as vectors hold it: releases by id, reasons without their wording. */
export interface Outcome {
  readonly action: Decision['action'];
  readonly releaseId?: string;
  readonly mandatory?: boolean;
  readonly reasons: readonly { readonly releaseId?: string; readonly code: string }[];
}

/** What of a decision is normative. */
export function outcomeOf(decision: Decision): Outcome {
  const target =
    decision.action === 'update'
      ? { mandatory: decision.mandatory, releaseId: decision.release.releaseId }
      : decision.action === 'rollback'
        ? { releaseId: decision.to === 'embedded' ? 'embedded' : decision.to.releaseId }
        : {};
  const reasons = decision.reasons.map(({ code, releaseId }) => ({
    code,
    ...(releaseId === undefined ? {} : { releaseId }),
  }));
  return { action: decision.action, reasons, ...target };
}

const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;

function release(versionCode: number, change: Partial<IndexRelease> = {}): IndexRelease {
  return {
    launchSha256Hex: String(versionCode).padStart(64, '0'),
    mandatory: false,
    manifest: { sha256Hex: String(versionCode).padStart(64, 'a'), sizeBytes: 700 },
    patches: [],
    releaseId: `r${versionCode}`,
    rolloutBasisPoints: 10_000,
    runtimeVersion: '42',
    salt: `r${versionCode}`,
    status: 'active',
    version: `1.0.${versionCode}`,
    versionCode,
    ...change,
  };
}

/** The same release, for a range of binaries instead of one runtime. */
function ranged(versionCode: number, binaryVersion: string): IndexRelease {
  const { runtimeVersion: _runtime, ...rest } = release(versionCode);
  return { ...rest, binaryVersion };
}

const indexOf = (...releases: IndexRelease[]): ChannelIndex => ({
  ...SCOPE,
  epoch: 1,
  expiresAtSeconds: 1_790_600_000,
  issuedAtSeconds: 1_790_000_000,
  releases,
  sequence: 1,
});

const device: DeviceFacts = {
  ...SCOPE,
  attributes: { arch: 'arm64', locale: 'de-DE', osVersion: '14' },
  binaryVersion: '1.4.0',
  currentReleaseId: 'r2',
  currentVersionCode: 2,
  deviceId: 'device-1',
  embeddedVersionCode: 1,
  runtimeVersion: '42',
};
const { currentReleaseId: _current, ...fresh } = device;
const embedded: DeviceFacts = { ...fresh, currentVersionCode: 1 };

const one = (
  name: string,
  releases: readonly IndexRelease[],
  facts: Partial<DeviceFacts> = {},
  nowSeconds = 1_790_100_000,
): Case => ({ device: { ...device, ...facts }, index: indexOf(...releases), name, nowSeconds });

/** Inputs of the vectors. */
export const CASES: readonly Case[] = [
  one('the highest that fits', [release(2), release(3), release(4), release(5, { status: 'paused' })]),
  one('nothing newer', [release(1), release(2)]),
  { ...one('the embedded bundle runs', [release(2)]), device: embedded },
  {
    ...one('the embedded bundle runs, what it replaced is revoked', [release(2, { status: 'revoked' })]),
    device: embedded,
  },
  one('expired, to the second', [release(3)], {}, 1_790_600_000),
  one('the last second before', [release(3)], {}, 1_790_599_999),
  one('another channel', [release(3)], { channel: 'beta' }),
  one('10 %: device-1 is not in', [release(3, { rolloutBasisPoints: 1000 })]),
  one('at its bucket: not in', [release(3, { rolloutBasisPoints: 7481, salt: 'r1' })]),
  one('one above its bucket: in', [release(3, { rolloutBasisPoints: 7482, salt: 'r1' })]),
  one('mandatory is for all', [release(3, { mandatory: true, rolloutBasisPoints: 0 })]),
  one('another runtime', [release(3, { runtimeVersion: '43' })]),
  one('a range of binaries', [ranged(3, '>=1.4 <2'), ranged(4, '^2.0.0')]),
  one('a range that is none', [ranged(3, 'banana')]),
  one('targeting', [
    release(3, { targeting: { all: [{ glob: ['locale', 'de-*'] }, { semver: ['osVersion', '>=14'] }] } }),
    release(4, { targeting: { not: { in: ['arch', ['arm64', 'x64']] } } }),
    release(5, { targeting: { near: ['office', 5] } }),
  ]),
  one('failed here', [release(3)], { failedSha256Hex: [release(3).launchSha256Hex] }),
  one('failed here, one more try', [release(3, { retryToken: 2 })], {
    failedSha256Hex: [release(3).launchSha256Hex],
    highestVersionCode: 3,
    retryTokens: { [release(3).launchSha256Hex]: 1 },
  }),
  one('revoked: forward first', [release(2, { status: 'revoked' }), release(3)]),
  one('revoked: the next lower', [release(2), release(3), release(4, { status: 'revoked' })], {
    currentReleaseId: 'r4',
    currentVersionCode: 4,
  }),
  one(
    'revoked: where the directive says',
    [release(2), release(3), release(4, { rollbackTo: 'r2', status: 'revoked' })],
    {
      currentReleaseId: 'r4',
      currentVersionCode: 4,
    },
  ),
  one(
    'revoked: the directive says embedded',
    [release(2), release(4, { rollbackTo: 'embedded', status: 'revoked' })],
    {
      currentReleaseId: 'r4',
      currentVersionCode: 4,
    },
  ),
  one('revoked: nothing above the embedded bundle', [release(1), release(2, { status: 'revoked' })]),
  one('revoked by the trust root, named by no index', [release(1)], { revokedReleaseIds: ['r2'] }),
  one('paused while it runs: kept', [release(2, { status: 'paused' })]),
  one('had a higher one before', [release(3)], { highestVersionCode: 3 }),
];
