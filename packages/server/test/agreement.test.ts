// Server and device decide alike. KIVYX_PAIRS=100000 for the long run.
import { decide, type DeviceFacts } from '@kivyx-ota/rollout';
import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';
import { signChannelIndex } from '@kivyx-ota/manifest/sign';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { memoryDatabase } from '@kivyx-ota/database';
import { encodeUpdateQuery } from '@kivyx-ota/server';
import { expect, it } from 'vitest';
import { createWorld, SCOPE, signer } from './world.ts';

const PAIRS = Number(process.env['KIVYX_PAIRS'] ?? 4000);
const DEVICES = 200;
let state = 12_345;
const random = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const pick = <T>(...list: readonly T[]): T => list[random(list.length)] as T;
const hash = (n: number): string => n.toString(16).padStart(64, '0');

function randomRelease(versionCode: number): IndexRelease {
  const status = pick('active', 'active', 'active', 'paused', 'revoked') as IndexRelease['status'];
  return {
    launchSha256Hex: hash(versionCode),
    mandatory: random(8) === 0,
    manifest: { sha256Hex: hash(versionCode + 1000), sizeBytes: 900 },
    patches: [],
    releaseId: `r${versionCode}`,
    rolloutBasisPoints: pick(0, 100, 5000, 10_000),
    salt: `r${versionCode}`,
    status,
    version: `1.0.${versionCode}`,
    versionCode,
    ...(random(2) === 0
      ? { runtimeVersion: pick('1', '2') }
      : { binaryVersion: pick('^1.0.0', '>=1.2.0 <2.0.0') }),
    ...(random(3) === 0
      ? { targeting: pick({ eq: ['locale', 'de'] }, { exists: 'arch' }, { unheard: 1 }) }
      : {}),
    ...(random(4) === 0 ? { retryToken: random(3) } : {}),
    ...(status === 'revoked' && random(2) === 0 ? { rollbackTo: pick('embedded', 'r1', 'r2') } : {}),
  } as IndexRelease;
}

function randomDevice(): DeviceFacts {
  const current = random(9);
  const failed = Array.from({ length: random(3) }, () => hash(1 + random(8)));
  const tokens = Object.fromEntries(failed.filter(() => random(2) === 0).map((one) => [one, random(3)]));
  return {
    ...SCOPE,
    binaryVersion: pick('1.0.0', '1.2.5', '2.0.0', 'weird + version & more'),
    currentVersionCode: current,
    deviceId: `device/ü ${random(1e6)}`,
    ...(current === 0 ? {} : { currentReleaseId: `r${current}` }),
    ...(random(2) === 0 ? { runtimeVersion: pick('1', '2') } : {}),
    ...(random(2) === 0 ? { embeddedVersionCode: random(4) } : {}),
    ...(random(3) === 0 ? { highestVersionCode: current + random(3) } : {}),
    ...(failed.length > 0 ? { failedSha256Hex: failed, retryTokens: tokens } : {}),
    ...(random(4) === 0 ? { revokedReleaseIds: [`r${1 + random(8)}`] } : {}),
    ...(random(2) === 0
      ? { attributes: { arch: 'arm64', locale: pick('de', 'en'), ram: random(8), tablet: random(2) === 0 } }
      : {}),
  };
}

it(`server and device decide alike on ${PAIRS} random pairs`, async () => {
  const seen = new Set<string>();
  for (let round = 0; round < PAIRS / DEVICES; round++) {
    const database = memoryDatabase();
    const world = await createWorld({ database });
    const nowSeconds = world.clock.nowMs() / 1000;
    const index: ChannelIndex = {
      ...SCOPE,
      epoch: 0,
      expiresAtSeconds: nowSeconds + 86_400,
      issuedAtSeconds: nowSeconds,
      releases: Array.from({ length: random(8) }, (_, i) => randomRelease(i + 1)),
      sequence: 1,
    };
    const { envelope, payload } = await signChannelIndex(index, signer);
    await database.commitChannel({
      expectedRevision: 0,
      head: {
        envelope,
        expiresAtSeconds: index.expiresAtSeconds,
        payloadSha256Hex: sha256Hex(payload),
        sequence: 1,
      },
      releases: [],
      scope: SCOPE,
    });
    for (let i = 0; i < DEVICES; i++) {
      const device = randomDevice();
      const onDevice = decide(index, device, nowSeconds);
      const response = await world.get(`/update?${encodeUpdateQuery(device)}&explain=1`);
      const answer = await response.json();
      expect(response.status, JSON.stringify(answer)).toBe(200);
      seen.add(onDevice.action);
      expect(answer.reasons).toEqual(onDevice.reasons);
      expect(answer.action).toBe(onDevice.action);
      if (onDevice.action === 'update')
        expect([answer.release.releaseId, answer.mandatory]).toEqual([
          onDevice.release.releaseId,
          onDevice.mandatory,
        ]);
      if (onDevice.action === 'rollback')
        expect(onDevice.to === 'embedded' ? answer.to : answer.release.releaseId).toBe(
          onDevice.to === 'embedded' ? 'embedded' : onDevice.to.releaseId,
        );
    }
  }
  expect([...seen].sort()).toEqual(['none', 'rollback', 'update']);
}, 900_000);
