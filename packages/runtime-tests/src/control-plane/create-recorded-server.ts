import { bytesToHex, utf8ToBytes } from '@kivyx-ota/core';
import { sha256 } from '@kivyx-ota/core/sha256';
import { createLocalSigner, exportPublicKey } from '@kivyx-ota/cose/sign';
import { memoryDatabase } from '@kivyx-ota/database';
import type { IndexRelease } from '@kivyx-ota/manifest';
import { createPublisher } from '@kivyx-ota/publisher';
import { createOtaHandler, type OtaHandler } from '@kivyx-ota/server';
import { memoryStorage } from '@kivyx-ota/storage';

const SCOPE = { app: 'cafe', channel: 'uploads', platform: 'android', project: 'acme' } as const;
/** For this suite only. */
const PRIVATE_KEY_PEM = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNGrfUhN94T1TQslj
q2NNhOpRsduSQamPheBf8qbk+kuhRANCAAQVLEwOoHPbXVFM9CtwwPu1cmYosi28
in72SBm3yqiA/zc8syEX78d4SHpgmg5/dLB2Hubildo3jf/MVpjhQaJK
-----END PRIVATE KEY-----`;
const NOW_MS = 1_790_000_000_000;
const SECRET = 'A'.repeat(43);

/** `Authorization` of somebody who may do everything, and of somebody who may only read. */
export const ADMIN: string = `Bearer kvx_00000000000000aa_${SECRET}`;
export const READER: string = `Bearer kvx_00000000000000bb_${SECRET}`;

/**
 * A control plane in which nothing is left to chance: keys, clock, identifiers and uploads are the same at every start, and
 * signatures are deterministic (RFC 6979), so its answers are the same bytes wherever it runs.
 */
export async function createRecordedServer(): Promise<{
  readonly handle: OtaHandler;
  readonly releases: readonly IndexRelease[];
}> {
  const clock = { nowMs: () => NOW_MS };
  const database = memoryDatabase();
  const storage = memoryStorage();
  const signer = createLocalSigner(PRIVATE_KEY_PEM);
  const { pem } = exportPublicKey(await signer.publicKey());
  let counter = 0;
  const publisher = createPublisher({
    clock,
    random: { bytes: (length) => new Uint8Array(length).fill(++counter) },
    scope: SCOPE,
    signers: { index: signer, release: signer },
    storage,
    trust: { keys: [pem] },
  });
  const releases: IndexRelease[] = [];
  for (const version of ['1.0.0', '1.0.1'])
    releases.push(
      (
        await publisher.publish({
          allowPlainJs: true,
          launch: { bytes: utf8ToBytes(`print('${version}');`), path: 'main.js' },
          runtimeVersion: '1',
          version,
        })
      ).release,
    );
  for (const [id, scopes] of [
    ['00000000000000aa', ['read', 'rollout', 'publish', 'keys']],
    ['00000000000000bb', ['read']],
  ] as const)
    await database.putApiKey(
      {
        createdAtMs: NOW_MS,
        id,
        label: id,
        scopes,
        secretSha256Hex: bytesToHex(sha256(utf8ToBytes(SECRET))),
      },
      { action: 'key-create', actor: 'suite', atMs: NOW_MS, subject: 'keys' },
    );
  const handle = createOtaHandler({
    clock,
    database,
    deviceSecret: new Uint8Array(32).fill(7),
    project: SCOPE.project,
    releaseKeys: [pem],
    signer,
    storage,
  });
  return { handle, releases };
}
