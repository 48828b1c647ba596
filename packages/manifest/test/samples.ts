import type { ChannelIndex, IndexRelease, Manifest } from '@kivyx-ota/manifest';

export const hash = (digit: string): string => digit.repeat(64).slice(0, 64);

export const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;

export const manifest: Manifest = {
  app: 'cafe',
  assets: [
    {
      mediaType: 'image/png',
      path: 'assets/cup.png',
      scalePercent: 200,
      sha256Hex: hash('b'),
      sizeBytes: 2289,
    },
  ],
  createdAtSeconds: 1_790_000_000,
  launch: {
    hbcVersion: 99,
    mediaType: 'application/vnd.hermes.bytecode',
    path: 'main.hbc',
    sha256Hex: hash('a'),
    sizeBytes: 3_700_000,
  },
  metadata: { gitCommit: '0123456', releaseNotes: 'Prices have two digits.' },
  platform: 'android',
  project: 'acme',
  releaseId: 'r1',
  runtimeVersion: '42',
  version: '1.0.1',
  versionCode: 2,
};

export const release: IndexRelease = {
  launchSha256Hex: hash('a'),
  mandatory: false,
  manifest: { sha256Hex: hash('c'), sizeBytes: 700 },
  patches: [{ baseSha256Hex: hash('d'), format: 'kvd1', sha256Hex: hash('e'), sizeBytes: 90 }],
  releaseId: 'r1',
  rolloutBasisPoints: 2500,
  runtimeVersion: '42',
  salt: 'r1',
  status: 'active',
  targeting: { all: [{ eq: ['locale', 'de'] }, { not: { in: ['arch', ['x86', 'x64']] } }] },
  version: '1.0.1',
  versionCode: 2,
};

export const index: ChannelIndex = {
  ...SCOPE,
  epoch: 1,
  expiresAtSeconds: 1_790_600_000,
  issuedAtSeconds: 1_790_000_000,
  previousSha256Hex: hash('f'),
  releases: [release],
  sequence: 7,
};
