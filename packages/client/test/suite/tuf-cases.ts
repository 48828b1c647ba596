// Attacks by the names that tuf-conformance and python-tuf give them, told to the whole client. The documents are ours: timestamp and
// snapshot → channel index, targets → manifest. What concerns the root chain alone stands in packages/manifest/test/tuf-roots.test.ts;
// docs/threat-model.md has the names without a counterpart. Titles begin with the name: a check looks for each of them.
import { bytesToHex, concatBytes, hexToBytes } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type CborValue, decodeCbor } from '@kivyx-ota/cose';
import { encodeCbor, type Signer, signSign1 } from '@kivyx-ota/cose/sign';
import {
  type ChannelIndex,
  indexKey,
  indexLogKey,
  type IndexRelease,
  manifestKey,
  MEDIA_TYPES,
  objectKey,
  parseChannelIndex,
  rootKey,
} from '@kivyx-ota/manifest';
import { encodeChannelIndex, signChannelIndex } from '@kivyx-ota/manifest/sign';
import { memoryRecords } from './memory-ports.ts';
import { rootEnvelope } from './root-envelope.ts';
import { sealedSlots } from '../../src/records/sealed-slots.ts';
import type { TrustRecord } from '../../src/trust-state.ts';
import {
  type Case,
  caseList,
  check,
  currentIndex,
  indexWith,
  publishTwo,
  refused,
  same,
  staged,
  WHOLE,
} from './harness.ts';
import {
  KEY,
  OTHER_KEY,
  program,
  releaseInput,
  SCOPE,
  START_MS,
  type World,
  type WorldDevice,
} from './world.ts';

const { add, cases } = caseList();

const INDEX = indexKey(SCOPE);
const DAY_MS = 86_400_000;
const START = START_MS / 1000;

// ── what attackers do ─────────────────────────────────────────────────────────────────────────────────────────

interface Answer {
  readonly body?: Uint8Array;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** From now on these paths are answered so, and all others honestly. */
function serve(world: World, answers: Readonly<Record<string, Answer>>): void {
  world.network.meddle = ({ path }) => {
    const answer = answers[path];
    if (answer?.body === undefined) return answer;
    return { status: 200, ...answer, headers: { etag: '"of the liar"', ...answer.headers } };
  };
}

const newest = ({ releases }: ChannelIndex): IndexRelease => releases[releases.length - 1] as IndexRelease;

/** The index with its newest release changed. */
async function indexWithRelease(
  world: World,
  change: Partial<IndexRelease>,
  by?: Signer,
): Promise<Uint8Array> {
  const index = await currentIndex(world);
  const releases = [...index.releases.slice(0, -1), { ...newest(index), ...change }];
  return indexWith(world, { releases }, by);
}

/** A properly signed index around a payload that no writer of ours would write. */
async function indexAround(payload: Uint8Array): Promise<Uint8Array> {
  const claims = { issuer: 'acme', subject: 'cafe/android/production' };
  return signSign1(payload, { claims, signer: KEY, type: MEDIA_TYPES.channelIndex });
}

/** The four parts of the honest index's envelope, to be put together in another way. */
async function honestParts(world: World): Promise<CborValue[]> {
  const envelope = await indexWith(world, {});
  return [...(decodeCbor(envelope.subarray(1)) as readonly CborValue[])];
}

async function oldIndex(world: World): Promise<Uint8Array> {
  const stored = await world.storage.get(indexLogKey(SCOPE, { epoch: 0, sequence: 1 }));
  return (stored as { readonly body: Uint8Array }).body;
}

async function bodyAt(world: World, key: string): Promise<Uint8Array> {
  return ((await world.storage.get(key)) as { readonly body: Uint8Array }).body;
}

// ── what must come of it ──────────────────────────────────────────────────────────────────────────────────────

function expectEmbedded(device: WorldDevice): void {
  same(staged(device.disk), false, 'staged');
  device.start();
  same(device.boot.snapshot().running, 'embedded', 'running');
}

/** Nothing is installed, for this reason; and as soon as the world is honest again the update comes. */
async function expectRefused(world: World, code: string, device = world.device(WHOLE)): Promise<void> {
  await refused(device.start().checkAndApply(), code);
  expectEmbedded(device);
  serve(world, {});
  // The number that a thief used up is not used again.
  await world.publisher.refresh();
  same((await device.start().checkAndApply()).updated, true, 'updated by the honest server');
}

/** {@link expectRefused} for an index. */
async function expectIndexRefused(world: World, body: Uint8Array, code: string): Promise<void> {
  serve(world, { [INDEX]: { body } });
  await expectRefused(world, code);
}

/** A device that has seen the honest index and installed nothing. */
async function deviceThatHasSeen(world: World): Promise<WorldDevice> {
  const device = world.device(WHOLE);
  await device.start().checkForUpdate();
  return device;
}

// ── basic ─────────────────────────────────────────────────────────────────────────────────────────────────────

add('basic_refresh_requests: the index, then what it names, and nothing else', async (world) => {
  const { launch } = await publishTwo(world);
  const { sha256Hex: manifest } = newest(await currentIndex(world)).manifest;
  const client = world.device(WHOLE).start();
  await client.checkForUpdate();
  same(world.network.log, [INDEX], 'a check asks for');
  await client.checkAndApply();
  same(world.network.log.slice(1, 3), [INDEX, manifestKey(manifest)], 'an update asks for');
  same(world.network.log[world.network.log.length - 1] === undefined, false, 'objects');
  check(world.network.log.indexOf(objectKey(launch)) > 2, 'the launch file was not fetched');
});

add('basic_refresh_trusted_data: what was verified is kept as it was received', async (world) => {
  await publishTwo(world);
  const device = await deviceThatHasSeen(world);
  const [, , payload] = decodeCbor((await bodyAt(world, INDEX)).subarray(1)) as readonly Uint8Array[];
  same(
    Array.from(device.disk.files.get('index.cbor') ?? []),
    Array.from(payload as Uint8Array),
    'index.cbor',
  );
  check(device.disk.records.has('trust.0') || device.disk.records.has('trust.1'), 'nothing is remembered');
});

add('implicit_refresh: an update that nobody checked for looks at the index first', async (world) => {
  await publishTwo(world);
  await world.device().start().checkAndApply();
  same(world.network.log[0], INDEX, 'first request');
});

add('url_and_metadata_version_mismatch: the version inside counts, whatever the address', async (world) => {
  await publishTwo(world);
  serve(world, {
    [INDEX]: { body: await indexWith(world, {}, OTHER_KEY) },
    [rootKey(1)]: { body: await rootEnvelope({ index: OTHER_KEY, version: 2 }) },
  });
  await expectRefused(world, 'ERR_ROOT_VERSION');
});

add('timestamp_content_changes: one sequence has one content', async (world) => {
  await publishTwo(world);
  const device = await deviceThatHasSeen(world);
  serve(world, { [INDEX]: { body: await indexWith(world, { releases: [] }) } });
  await expectRefused(world, 'ERR_CLIENT_EQUIVOCATION', device);
});

add('targets_hash_mismatch: a manifest with another byte', async (world) => {
  await publishTwo(world);
  const key = manifestKey(newest(await currentIndex(world)).manifest.sha256Hex);
  const body = (await bodyAt(world, key)).slice();
  body[body.length - 1] = (body[body.length - 1] as number) ^ 1;
  serve(world, { [key]: { body } });
  await expectRefused(world, 'ERR_CLIENT_HASH');
});

add(
  'snapshot_hash_mismatch: a kept index without the hash that is remembered is not used, nor asked about',
  async (world) => {
    await publishTwo(world);
    const device = await deviceThatHasSeen(world);
    const [, , old] = decodeCbor((await oldIndex(world)).subarray(1)) as readonly Uint8Array[];
    device.disk.files.set('index.cbor', old as Uint8Array);
    let asked: string | undefined = '';
    world.network.meddle = ({ headers, path }) => {
      if (path === INDEX) asked = headers['if-none-match'];
      return undefined;
    };
    const result = await device.start().checkForUpdate();
    same([asked, result.notModified, result.index.sequence], [undefined, false, 2], 'asked, answer');
  },
);

add('a kept index that this version of the app cannot read is as good as none', async (world) => {
  await publishTwo(world);
  const device = await deviceThatHasSeen(world);
  const slots = sealedSlots<TrustRecord>(
    memoryRecords(device.disk, () => undefined),
    'trust',
    () => true,
  );
  const record = (await slots.read()) as TrustRecord;
  const payload = Uint8Array.of(0xa0);
  const seen = Object.keys(record.seen).map((id) => [
    id,
    { ...record.seen[id], payloadSha256Hex: sha256Hex(payload), sequence: 1 },
  ]);
  await slots.write({ ...record, seen: Object.fromEntries(seen) as TrustRecord['seen'] });
  device.disk.files.set('index.cbor', payload);
  same((await device.start().checkAndApply()).updated, true, 'updated');
});

for (const [name, status] of [
  ['timestamp_404: no index yet', 404],
  ['snapshot_404: the index of a channel that was there is gone', 410],
] as const) {
  add(name, async (world) => {
    await publishTwo(world);
    const device = status === 410 ? await deviceThatHasSeen(world) : world.device(WHOLE);
    serve(world, { [INDEX]: { status } });
    await expectRefused(world, 'ERR_CLIENT_HTTP_STATUS', device);
  });
}

add('targets_404: a manifest that is not there', async (world) => {
  await publishTwo(world);
  serve(world, { [manifestKey(newest(await currentIndex(world)).manifest.sha256Hex)]: { status: 404 } });
  await expectRefused(world, 'ERR_CLIENT_HTTP_STATUS');
});

// ── expiration ────────────────────────────────────────────────────────────────────────────────────────────────

add('timestamp_expired: an index whose time is over', async (world) => {
  await publishTwo(world);
  world.time.nowMs += 8 * DAY_MS;
  const device = world.device(WHOLE);
  await refused(device.start().checkAndApply(), 'ERR_CLIENT_INDEX_EXPIRED');
  expectEmbedded(device);
});

add('snapshot_expired: to the second', async (world) => {
  await publishTwo(world);
  const { expiresAtSeconds } = await currentIndex(world);
  world.time.nowMs = (expiresAtSeconds - 1) * 1000 + 999;
  same((await world.device().start().checkForUpdate()).decision.action, 'update', 'in the last second');
  world.time.nowMs = expiresAtSeconds * 1000;
  await refused(world.device().start().checkForUpdate(), 'ERR_CLIENT_INDEX_EXPIRED');
});

add('new_timestamp_expired: a newer index that has expired is refused and not remembered', async (world) => {
  await publishTwo(world);
  const device = await deviceThatHasSeen(world);
  const times = { expiresAtSeconds: START - 100, issuedAtSeconds: START - 200 };
  serve(world, { [INDEX]: { body: await indexWith(world, { ...times, sequence: 3 }) } });
  // The honest number 3 has other bytes: had this one been remembered, that would be refused.
  await expectRefused(world, 'ERR_CLIENT_INDEX_EXPIRED', device);
});

add('expired_local_timestamp: a kept index that expired is replaced by a new one', async (world) => {
  await publishTwo(world);
  const device = await deviceThatHasSeen(world);
  world.time.nowMs += 8 * DAY_MS;
  await world.publisher.refresh();
  const { decision, index } = await device.start().checkForUpdate();
  same([index.sequence, decision.action], [3, 'update'], 'sequence, decision');
});

add('freeze_stale_expiry_check: "nothing new" does not keep an index fresh', async (world) => {
  await publishTwo(world);
  const client = world.device(WHOLE).start();
  await client.checkForUpdate();
  world.time.nowMs += 8 * DAY_MS;
  await refused(client.checkForUpdate(), 'ERR_CLIENT_INDEX_EXPIRED');
});

add(
  'indefinite_freeze: after seven days of the same index nothing is installed, and what runs goes on running',
  async (world) => {
    const { launch } = await publishTwo(world);
    const device = world.device();
    await device.start().checkAndApply();
    await device.start().markHealthy();
    for (let day = 1; day <= 9; day++) {
      world.time.nowMs += DAY_MS;
      const check1 = device.start().checkForUpdate();
      if (day < 7) same((await check1).decision.action, 'none', `day ${day}`);
      else await refused(check1, 'ERR_CLIENT_INDEX_EXPIRED');
    }
    device.start();
    same(device.boot.snapshot().running, launch, 'running');
  },
);

add('an old index shown once with the ETag of the new one is left behind when it expires', async (world) => {
  const { launch } = await publishTwo(world);
  const [, , payload] = decodeCbor((await oldIndex(world)).subarray(1)) as readonly Uint8Array[];
  const times = { expiresAtSeconds: START + 86_400, issuedAtSeconds: START - 86_400 };
  const { envelope } = await signChannelIndex({ ...parseChannelIndex(payload as Uint8Array), ...times }, KEY);
  const etag = `"${(await world.storage.get(INDEX))?.etag as string}"`;
  serve(world, { [INDEX]: { body: envelope, headers: { etag } } });
  const device = world.device(WHOLE);
  same((await device.start().checkForUpdate()).index.sequence, 1, 'sequence');
  serve(world, {});
  same((await device.start().checkForUpdate()).notModified, true, 'nothing new, says the honest server');
  world.time.nowMs += DAY_MS;
  await device.start().checkAndApply();
  same((await device.start().state()).running, launch, 'running');
});

// ── download ──────────────────────────────────────────────────────────────────────────────────────────────────

add('client_downloads_expected_file: with exactly the bytes that were published', async (world) => {
  const { launch } = await publishTwo(world);
  const device = world.device(WHOLE);
  await device.start().checkAndApply();
  same(
    sha256Hex(device.disk.files.get(`bundles/${launch}/launch.bundle`) as Uint8Array),
    launch,
    'launch file',
  );
});

add('client_downloads_expected_file_in_sub_dir: at its path', async (world) => {
  const bytes = Uint8Array.of(1, 2, 3);
  const assets = [{ bytes, path: 'assets/very/deep/icon.png' }];
  const { release } = await world.publisher.publish(releaseInput('1.0.1', { assets, versionCode: 2 }));
  const device = world.device(WHOLE);
  await device.start().checkAndApply();
  const file = device.disk.files.get(`bundles/${release.launchSha256Hex}/assets/very/deep/icon.png`);
  same(bytesToHex(file as Uint8Array), '010203', 'icon.png');
});

add('repository_substitutes_target_file: an object of the same length', async (world) => {
  const { launch } = await publishTwo(world);
  serve(world, { [objectKey(launch)]: { body: program('6.6.6') } });
  await expectRefused(world, 'ERR_CLIENT_HASH');
});

add('multiple_changes_to_target: three releases, each installed as it was published', async (world) => {
  await publishTwo(world);
  const device = world.device();
  for (const version of ['1.0.2', '1.0.3', '1.0.4']) {
    const { release } = await world.publisher.publish(releaseInput(version));
    await device.start().checkAndApply();
    const client = device.start();
    same((await client.state()).running, release.launchSha256Hex, version);
    await client.markHealthy();
  }
});

add('download_with_unknown_hash_algorithm: there is one hash, and no room for another', async (world) => {
  await publishTwo(world);
  const payload = new Map(
    decodeCbor(encodeChannelIndex(await currentIndex(world))) as ReadonlyMap<number, CborValue>,
  );
  const releases = [...(payload.get(11) as readonly ReadonlyMap<number, CborValue>[])];
  const last = new Map(releases.pop());
  const sha512 = new Map<number, CborValue>([
    [1, new Uint8Array(64)],
    [2, 100],
  ]);
  payload.set(11, [...releases, last.set(4, sha512)]);
  await expectIndexRefused(world, await indexAround(encodeCbor(payload)), 'ERR_DOCUMENT_SHAPE');
});

add('artifact_cache: what is there is not fetched again, unless it is damaged', async (world) => {
  const { launch } = await publishTwo(world);
  const device = world.device(WHOLE);
  await device.start().checkAndApply();
  await device.start().markHealthy();
  const logo = `bundles/${launch}/assets/logo.svg`;
  for (const [version, isDamaged] of [
    ['1.0.2', false],
    ['1.0.3', true],
  ] as const) {
    if (isDamaged)
      for (const path of device.disk.files.keys())
        if (path.slice(-8) === 'logo.svg') device.disk.files.set(path, new Uint8Array(3));
    await world.publisher.publish(releaseInput(version));
    world.network.log.length = 0;
    await device.start().checkAndApply();
    const objects = world.network.log.filter((path) => path.indexOf('objects/') === 0).length;
    same(objects, isDamaged ? 2 : 1, `objects fetched for ${version}`);
    await device.start().markHealthy();
  }
  check(device.disk.files.has(logo), 'the first release has gone');
});

// ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────────

add('new_timestamp_unsigned: a signature of zeros', async (world) => {
  await publishTwo(world);
  const body = await indexWith(world, {});
  await expectIndexRefused(world, body.fill(0, body.length - 64), 'ERR_COSE_SIGNATURE');
});

add('new_snapshot_unsigned: no signature at all, after a good index', async (world) => {
  await publishTwo(world);
  const device = await deviceThatHasSeen(world);
  const [header, unprotected, payload] = await honestParts(world);
  const body = encodeCbor([
    header as Uint8Array,
    unprotected as CborValue,
    payload as Uint8Array,
    new Uint8Array(0),
  ]);
  serve(world, { [INDEX]: { body } });
  await expectRefused(world, 'ERR_COSE_SIGNATURE', device);
});

add('targets_role_removal: manifests of a key that lost the release role', async (world) => {
  await publishTwo(world);
  const device = world.device({
    client: { ...WHOLE.client, trust: { root: await rootEnvelope({ release: OTHER_KEY }) } },
  });
  await refused(device.start().checkAndApply(), 'ERR_COSE_KEY_UNKNOWN');
  expectEmbedded(device);
});

// ── rollback ──────────────────────────────────────────────────────────────────────────────────────────────────

add('new_timestamp_version_rollback: a lower sequence', async (world) => {
  await publishTwo(world);
  const device = await deviceThatHasSeen(world);
  serve(world, { [INDEX]: { body: await oldIndex(world) } });
  await expectRefused(world, 'ERR_CLIENT_ROLLBACK_ATTACK', device);
});

add('new_snapshot_version_rollback: a lower epoch, however high its sequence', async (world) => {
  await publishTwo(world);
  const trust = { root: await rootEnvelope({}) };
  const device = world.device({ client: { ...WHOLE.client, trust } });
  const honest = await indexWith(world, { epoch: 1 });
  serve(world, { [INDEX]: { body: honest } });
  await device.start().checkForUpdate();
  serve(world, { [INDEX]: { body: await indexWith(world, { sequence: 99 }) } });
  await refused(device.start().checkAndApply(), 'ERR_CLIENT_ROLLBACK_ATTACK');
  expectEmbedded(device);
});

add(
  'new_snapshot_version_mismatch: an index that numbers a release otherwise than its manifest',
  async (world) => {
    await publishTwo(world);
    await expectIndexRefused(
      world,
      await indexWithRelease(world, { versionCode: 3 }),
      'ERR_CLIENT_MANIFEST_MISMATCH',
    );
  },
);

add('snapshot_rollback: a newer index that names only an older release takes nobody down', async (world) => {
  const { launch } = await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  await device.start().markHealthy();
  const { releases } = await currentIndex(world);
  serve(world, {
    [INDEX]: { body: await indexWith(world, { releases: releases.slice(0, 1), sequence: 3 }) },
  });
  const { updated, reasons } = await device.start().checkAndApply();
  same([updated, reasons], [false, ['R_NOT_NEWER']], 'outcome');
  same((await device.start().state()).running, launch, 'running');
});

add('targets_rollback: a new release whose manifest is an old one', async (world) => {
  await publishTwo(world);
  const { manifest } = (await currentIndex(world)).releases[0] as IndexRelease;
  await expectIndexRefused(
    world,
    await indexWithRelease(world, { manifest }),
    'ERR_CLIENT_MANIFEST_MISMATCH',
  );
});

add('replay: an old index after a restart', async (world) => {
  await publishTwo(world);
  const device = await deviceThatHasSeen(world);
  device.disk.files.clear();
  serve(world, { [INDEX]: { body: await oldIndex(world) } });
  for (let i = 0; i < 3; i++) await refused(device.start().checkAndApply(), 'ERR_CLIENT_ROLLBACK_ATTACK');
  expectEmbedded(device);
});

// ── fast-forward ──────────────────────────────────────────────────────────────────────────────────────────────

/** A thief of the index key was here; the next root names another key, and an index of its epoch. */
async function expectRecovery(world: World, thief: Partial<ChannelIndex>, meanwhile: string): Promise<void> {
  await publishTwo(world);
  const device = world.device(WHOLE);
  serve(world, { [INDEX]: { body: await indexWith(world, thief) } });
  await device.start().checkForUpdate();
  serve(world, {});
  await refused(device.start().checkForUpdate(), meanwhile);
  serve(world, {
    [INDEX]: { body: await indexWith(world, { epoch: 1 }, OTHER_KEY) },
    [rootKey(1)]: { body: await rootEnvelope({ index: OTHER_KEY }) },
  });
  same((await device.start().checkAndApply()).updated, true, 'updated under the next root');
}

add('new_timestamp_fast_forward_recovery: a sequence run up to the end', (world) =>
  expectRecovery(world, { sequence: Number.MAX_SAFE_INTEGER }, 'ERR_CLIENT_ROLLBACK_ATTACK'),
);

add('new_snapshot_fast_forward_recovery: a time run up by fifty years', (world) => {
  const issuedAtSeconds = START + 50 * 365 * 86_400;
  const times = { expiresAtSeconds: issuedAtSeconds + 86_400, issuedAtSeconds };
  return expectRecovery(world, { ...times, sequence: 2, releases: [] }, 'ERR_CLIENT_EQUIVOCATION');
});

add(
  'targets_fast_forward_recovery: a version code run up binds nobody, for the manifest says another',
  async (world) => {
    await publishTwo(world);
    const versionCode = Number.MAX_SAFE_INTEGER;
    await expectIndexRefused(
      world,
      await indexWithRelease(world, { versionCode }),
      'ERR_CLIENT_MANIFEST_MISMATCH',
    );
  },
);

add('fast_forward: an epoch that no root opened', async (world) => {
  await publishTwo(world);
  await expectIndexRefused(world, await indexWith(world, { epoch: 7 }), 'ERR_ROOT_EPOCH');
});

// ── classic attacks ───────────────────────────────────────────────────────────────────────────────────────────

add('arbitrary_package: a release of a stranger, named by a stolen index key', async (world) => {
  await publishTwo(world);
  const key = manifestKey(newest(await currentIndex(world)).manifest.sha256Hex);
  const [, , payload] = decodeCbor((await bodyAt(world, key)).subarray(1)) as readonly CborValue[];
  const evil = await signSign1(payload as Uint8Array, {
    claims: { issuer: 'acme', subject: 'cafe/android' },
    signer: OTHER_KEY,
    type: MEDIA_TYPES.manifest,
  });
  const manifest = { sha256Hex: sha256Hex(evil), sizeBytes: evil.length };
  serve(world, {
    [INDEX]: { body: await indexWithRelease(world, { manifest }) },
    [manifestKey(manifest.sha256Hex)]: { body: evil },
  });
  const device = world.device(WHOLE);
  await refused(device.start().checkAndApply(), 'ERR_COSE_KEY_UNKNOWN');
  expectEmbedded(device);
});

for (const [what, keyOf] of [
  ['index', () => INDEX],
  ['manifest', (release: IndexRelease) => manifestKey(release.manifest.sha256Hex)],
  ['object', (release: IndexRelease) => objectKey(release.launchSha256Hex)],
] as const) {
  add(`endless_data: in place of the ${what}`, async (world) => {
    await publishTwo(world);
    serve(world, { [keyOf(newest(await currentIndex(world)))]: { body: new Uint8Array(600_000) } });
    await expectRefused(world, 'ERR_CLIENT_TOO_LARGE');
  });
}

add('extraneous_dependencies: nothing is fetched that the manifest does not name', async (world) => {
  const { launch } = await publishTwo(world);
  await world.storage.put('objects/extra', new Uint8Array(10));
  const device = world.device(WHOLE);
  await device.start().checkAndApply();
  const index = await currentIndex(world);
  const logo = device.disk.files.get(`bundles/${launch}/assets/logo.svg`) as Uint8Array;
  const named = [
    INDEX,
    manifestKey(newest(index).manifest.sha256Hex),
    objectKey(launch),
    objectKey(sha256Hex(logo)),
  ];
  same(
    world.network.log.filter((path) => named.indexOf(path) < 0),
    [],
    'asked for beside',
  );
});

add('mix_and_match: the manifest of one release, the object of another', async (world) => {
  const { launch } = await publishTwo(world);
  serve(world, { [objectKey(launch)]: { body: program('1.0.0') } });
  await expectRefused(world, 'ERR_CLIENT_HASH');
});

add(
  'new_snapshot_hash_mismatch: the properly signed manifest of another release in place of the named one',
  async (world) => {
    await publishTwo(world);
    const index = await currentIndex(world);
    const body = await bodyAt(world, manifestKey((index.releases[0] as IndexRelease).manifest.sha256Hex));
    serve(world, { [manifestKey(newest(index).manifest.sha256Hex)]: { body } });
    await expectRefused(world, 'ERR_CLIENT_HASH');
  },
);

add('slow_retrieval: a server that drips', async (world) => {
  await publishTwo(world);
  const network = { attempts: 1, minBytesPerSecond: 1_000_000_000, slowAfterMs: 1 };
  const device = world.device({ client: { ...WHOLE.client, network } });
  await refused(device.start().checkAndApply(), 'ERR_CLIENT_SLOW');
  expectEmbedded(device);
});

// ── ours ──────────────────────────────────────────────────────────────────────────────────────────────────────

add(
  'same sequence with different bytes, even if only the order of releases’ patches is another',
  async (world) => {
    await publishTwo(world);
    const device = await deviceThatHasSeen(world);
    serve(world, { [INDEX]: { body: await indexWithRelease(world, { patches: [] }) } });
    await expectRefused(world, 'ERR_CLIENT_EQUIVOCATION', device);
  },
);

for (const change of [{ channel: 'beta' }, { app: 'bar' }, { platform: 'ios' as const }]) {
  add(`index of another ${Object.keys(change)[0] as string}`, async (world) => {
    await publishTwo(world);
    await expectIndexRefused(world, await indexWith(world, change), 'ERR_DOCUMENT_SCOPE');
  });
}

add('index key of another channel: a role that is bound to channels signs no other', async (world) => {
  await publishTwo(world);
  serve(world, { [INDEX]: { body: await indexWith(world, {}, OTHER_KEY) } });
  const trust = { root: await rootEnvelope({ betaIndex: OTHER_KEY }) };
  await expectRefused(world, 'ERR_COSE_KEY_UNKNOWN', world.device({ client: { ...WHOLE.client, trust } }));
});

add('index of another runtime: a value, not an error', async (world) => {
  await world.publisher.publish(releaseInput('1.0.1', { runtimeVersion: '2', versionCode: 2 }));
  const { updated, reasons } = await world.device().start().checkAndApply();
  same([updated, reasons], [false, ['R_RUNTIME_MISMATCH']], 'outcome');
});

for (const [name, roles, signer] of [
  ['index signed by the release key', { index: OTHER_KEY }, KEY],
  ['manifest signed by the index key', { index: OTHER_KEY, release: OTHER_KEY }, OTHER_KEY],
] as const) {
  add(name, async (world) => {
    await publishTwo(world);
    serve(world, { [INDEX]: { body: await indexWith(world, {}, signer) } });
    const device = world.device({ client: { ...WHOLE.client, trust: { root: await rootEnvelope(roles) } } });
    await refused(device.start().checkAndApply(), 'ERR_COSE_KEY_UNKNOWN');
    expectEmbedded(device);
  });
}

add('attestation shown as manifest: the release key signed it, but as something else', async (world) => {
  await publishTwo(world);
  const attestation = await signSign1(Uint8Array.of(0xa0), {
    signer: KEY,
    type: 'application/vnd.in-toto+json',
  });
  const manifest = { sha256Hex: sha256Hex(attestation), sizeBytes: attestation.length };
  serve(world, {
    [INDEX]: { body: await indexWithRelease(world, { manifest }) },
    [manifestKey(manifest.sha256Hex)]: { body: attestation },
  });
  const device = world.device(WHOLE);
  await refused(device.start().checkAndApply(), 'ERR_COSE_TYPE');
  expectEmbedded(device);
});

add('revoked release named by an old index', async (world) => {
  await publishTwo(world);
  const { releaseId } = newest(await currentIndex(world));
  const root = await rootEnvelope({ revokedReleaseIds: [releaseId] });
  const device = world.device({ client: { ...WHOLE.client, trust: { root } } });
  const { updated, reasons } = await device.start().checkAndApply();
  same([updated, reasons[0]], [false, 'R_REVOKED'], 'outcome');
});

add('device clock 1970: what is signed says better', async (world) => {
  await publishTwo(world);
  world.time.nowMs = 0;
  same((await world.device().start().checkAndApply()).updated, true, 'updated');
});

add('device clock in the far future: nothing is installed, what runs goes on running', async (world) => {
  const { launch } = await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  world.time.nowMs += 30 * 365 * DAY_MS;
  await refused(device.start().checkForUpdate(), 'ERR_CLIENT_INDEX_EXPIRED');
  same((await device.start().state()).running, launch, 'running');
});

add('storage wiped: the floor is what the app ships', async (world) => {
  await publishTwo(world);
  const device = world.device(WHOLE);
  await device.start().checkAndApply();
  device.disk.files.clear();
  device.disk.records.clear();
  expectEmbedded(device);
  same((await device.start().checkAndApply()).updated, true, 'updated again');
});

add(
  'crash between persist and activate: the index is remembered, the release comes at the next start',
  async (world) => {
    const { launch } = await publishTwo(world);
    const device = world.device(WHOLE);
    const client = device.start();
    await client.download(await client.checkForUpdate());
    // The process ends here. An older index must not come through the gap.
    serve(world, { [INDEX]: { body: await oldIndex(world) } });
    await refused(device.start().checkAndApply(), 'ERR_CLIENT_ROLLBACK_ATTACK');
    expectEmbedded(device);
    serve(world, {});
    same((await device.start().checkAndApply()).how, 'present', 'how');
    same((await device.start().state()).running, launch, 'running');
  },
);

const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

add('high-S signature: accepted, and the same document as with the low one', async (world) => {
  await publishTwo(world);
  const device = await deviceThatHasSeen(world);
  const [header, unprotected, payload, signature] = (await honestParts(world)) as Uint8Array[];
  const s = BigInt(`0x${bytesToHex((signature as Uint8Array).subarray(32))}`);
  const twin = hexToBytes((ORDER - s).toString(16).padStart(64, '0'));
  const both = concatBytes((signature as Uint8Array).subarray(0, 32), twin);
  serve(world, {
    [INDEX]: { body: encodeCbor([header as Uint8Array, unprotected as never, payload as Uint8Array, both]) },
  });
  same((await device.start().checkAndApply()).updated, true, 'updated');
});

add('non-deterministic re-encoding of a valid index: one byte more in a head', async (world) => {
  await publishTwo(world);
  const payload = encodeChannelIndex(await currentIndex(world));
  same([payload[1], payload[2]], [1, 1], 'key and value of the format version');
  const longer = concatBytes(payload.subarray(0, 2), Uint8Array.of(0x18, 1), payload.subarray(3));
  await expectIndexRefused(world, await indexAround(longer), 'ERR_CBOR_NOT_DETERMINISTIC');
});

add('object longer than signed', async (world) => {
  const { launch } = await publishTwo(world);
  serve(world, { [objectKey(launch)]: { body: concatBytes(program('1.0.1'), Uint8Array.of(0)) } });
  await expectRefused(world, 'ERR_CLIENT_TOO_LARGE');
});

add('gzip bomb: what a few packed bytes unpack to is capped by the signed size', async (world) => {
  const { launch } = await publishTwo(world);
  // The port has unpacked it, as platforms do behind everybody's back.
  const headers = { 'content-encoding': 'gzip', 'content-length': '600' };
  serve(world, { [objectKey(launch)]: { body: new Uint8Array(600_000), headers } });
  await expectRefused(world, 'ERR_CLIENT_TOO_LARGE');
});

add('length 0: an index and an object without a byte', async (world) => {
  const { launch } = await publishTwo(world);
  await expectIndexRefused(world, new Uint8Array(0), 'ERR_CBOR_MALFORMED');
  serve(world, { [objectKey(launch)]: { body: new Uint8Array(0) } });
  await expectRefused(world, 'ERR_CLIENT_HASH');
});

/** The header with one entry replaced. */
async function headerWith(world: World, label: number, value: CborValue): Promise<Uint8Array> {
  const [header] = await honestParts(world);
  const map = new Map(decodeCbor(header as Uint8Array) as ReadonlyMap<number, CborValue>);
  return encodeCbor(map.set(label, value));
}

const derInteger = (bytes: Uint8Array): Uint8Array => {
  let from = 0;
  while (bytes[from] === 0) from++;
  const short = bytes.subarray(from);
  const sign = (short[0] as number) > 127 ? [0] : [];
  return Uint8Array.of(2, sign.length + short.length, ...sign, ...short);
};

const ENVELOPES: readonly (readonly [
  string,
  string,
  (world: World, parts: Uint8Array[]) => Promise<Uint8Array>,
])[] = [
  [
    'key id of another key: the signature is a stranger’s, the name a trusted one’s',
    'ERR_COSE_SIGNATURE',
    async (world, [, unprotected, payload]) => {
      const stranger = decodeCbor(
        (await indexWith(world, {}, OTHER_KEY)).subarray(1),
      ) as readonly Uint8Array[];
      const header = await headerWith(world, 4, (await KEY.publicKey()).kid);
      return encodeCbor([header, unprotected as never, payload as Uint8Array, stranger[3] as Uint8Array]);
    },
  ],
  [
    'DER signature',
    'ERR_COSE_SIGNATURE',
    async (_world, [header, unprotected, payload, signature]) => {
      const [r, s] = [
        derInteger((signature as Uint8Array).subarray(0, 32)),
        derInteger((signature as Uint8Array).subarray(32)),
      ];
      const der = concatBytes(Uint8Array.of(0x30, r.length + s.length), r, s);
      return encodeCbor([header as Uint8Array, unprotected as never, payload as Uint8Array, der]);
    },
  ],
  [
    '41a0 protected header',
    'ERR_COSE_HEADER',
    async (_world, [, unprotected, payload, signature]) =>
      encodeCbor([Uint8Array.of(0xa0), unprotected as never, payload as Uint8Array, signature as Uint8Array]),
  ],
  [
    'tag 98',
    'ERR_COSE_STRUCTURE',
    async (_world, parts) => concatBytes(Uint8Array.of(0xd8, 98), encodeCbor(parts)),
  ],
  [
    'trailing bytes',
    'ERR_CBOR_MALFORMED',
    async (_world, parts) => concatBytes(encodeCbor(parts), Uint8Array.of(0)),
  ],
];
for (const [name, code, build] of ENVELOPES) {
  add(name, async (world) => {
    await publishTwo(world);
    const parts = (await honestParts(world)) as Uint8Array[];
    await expectIndexRefused(world, await build(world, parts), code);
  });
}

export const tufCases: readonly Case[] = cases;
