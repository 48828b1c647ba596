// The client's suite as plain cases, so that it runs under vitest, in the Hermes VM and in QuickJS.
import { isOtaError } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { explainCheck } from '@kivyx-ota/client/explain';
import { es256, type SignatureAlgorithm } from '@kivyx-ota/cose';
import { indexKey, indexLogKey, manifestKey, objectKey, patchKey, rootKey } from '@kivyx-ota/manifest';
import { signTrustRoot } from '@kivyx-ota/manifest/sign';
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
  types,
  WHOLE,
} from './harness.ts';
import { emptyDisk } from './memory-ports.ts';
import {
  KEY,
  OTHER_KEY,
  program,
  releaseInput,
  SCOPE,
  START_MS,
  trustedKeyHex,
  type World,
} from './world.ts';

const { add, cases } = caseList();

// ── the way of an update ─────────────────────────────────────────────────────────────────────────────────────

add(
  'an update travels as a patch, runs on probation after the next start, and is healthy once confirmed',
  async (world) => {
    const { launch } = await publishTwo(world);
    const device = world.device();
    const outcome = await device.start().checkAndApply();
    same([outcome.updated, outcome.versionCode, outcome.how], [true, 2, 'patch'], 'outcome');
    check((outcome.receivedBytes ?? 0) * 5 < (outcome.fullBytes ?? 0), 'the patch saved less than 80 %');
    same(device.boot.snapshot().running, 'embedded', 'running before the restart');
    const second = device.start();
    same(
      [(await second.state()).running, (await second.state()).pending],
      [launch, true],
      'after the restart',
    );
    await second.markHealthy();
    same((await device.start().state()).pending, false, 'pending after the confirmation');
    same(types(device.events, 'patch-hit').length, 1, 'patch hits');
  },
);

add(
  'without a decoder the whole file comes, and files that the device has are not fetched again',
  async (world) => {
    await publishTwo(world);
    const device = world.device(WHOLE);
    same((await device.start().checkAndApply()).how, 'full', 'how');
    await device.start().markHealthy();
    await world.publisher.publish(releaseInput('1.0.2'));
    world.network.log.length = 0;
    const outcome = await device.start().checkAndApply();
    same(outcome.how, 'full', 'how');
    same(world.network.log.filter((path) => path.indexOf('objects/') === 0).length, 1, 'objects fetched');
  },
);

add('nothing new is a 304 and no signature', async (world) => {
  await publishTwo(world);
  let verified = 0;
  const counting: SignatureAlgorithm = {
    ...es256,
    verify: (...args) => {
      verified++;
      return es256.verify(...args);
    },
  };
  const client = world.device({ client: { algorithms: [counting] } }).start();
  const first = await client.checkForUpdate();
  same([first.notModified, first.decision.action, verified], [false, 'update', 1], 'first');
  const second = await client.checkForUpdate();
  same([second.notModified, second.decision.action, verified], [true, 'update', 1], 'second');
});

add('a release that this device is not in the rollout of leaves it alone, with the reason', async (world) => {
  await world.publisher.publish(releaseInput('1.0.0'));
  await world.publisher.publish(releaseInput('1.0.1', { rolloutBasisPoints: 0 }));
  const outcome = await world.device().start().checkAndApply();
  same([outcome.updated, outcome.reasons], [false, ['R_NOT_IN_ROLLOUT', 'R_NOT_NEWER']], 'outcome');
});

add('two calls at once are one update', async (world) => {
  await publishTwo(world);
  const client = world.device().start();
  const [a, b] = await Promise.all([client.checkAndApply(), client.checkAndApply()]);
  check(a === b, 'two updates ran at once');
});

add('progress never goes backwards and ends at the whole', async (world) => {
  await publishTwo(world);
  const seen: number[] = [];
  let total = 0;
  let broken = false;
  world.network.meddle = ({ path }) => {
    if (path.indexOf('objects/') !== 0 || broken) return undefined;
    broken = true;
    return { breakAfter: 5000 };
  };
  const client = world.device(WHOLE).start();
  await client.checkAndApply({
    onProgress: ({ receivedBytes, totalBytes }) => {
      seen.push(receivedBytes);
      total = totalBytes;
    },
  });
  check(
    seen.every((value, i) => i === 0 || value >= (seen[i - 1] as number)),
    'progress went backwards',
  );
  same(seen[seen.length - 1], total, 'last progress');
});

add('a stopped download goes on where it was', async (world) => {
  await publishTwo(world);
  const device = world.device(WHOLE);
  const signal = { aborted: false };
  const first = device.start().checkAndApply({
    onProgress: ({ receivedBytes }) => {
      signal.aborted = receivedBytes > 8000;
    },
    signal,
  });
  await refused(first, 'ERR_CLIENT_ABORTED');
  const outcome = await device.start().checkAndApply();
  same(outcome.updated, true, 'updated');
  check(
    (outcome.receivedBytes ?? 0) < (outcome.fullBytes ?? 0) - 7000,
    'the bytes of the first attempt were fetched again',
  );
});

// ── patches that do not work (regressions.md 15) ──────────────────────────────────────────────────────────────

const PATCH_TROUBLE: readonly (readonly [string, (world: World) => void, string, Uint8Array | undefined])[] =
  [
    [
      'a patch that is damaged',
      (world) => {
        world.network.meddle = ({ path }) =>
          path.indexOf('patches/') === 0 ? { body: new Uint8Array(10) } : undefined;
      },
      'patch-damaged',
      program('1.0.0'),
    ],
    [
      'a patch that is not there',
      (world) => {
        world.network.meddle = ({ path }) => (path.indexOf('patches/') === 0 ? { status: 404 } : undefined);
      },
      'fetch-failed',
      program('1.0.0'),
    ],
    ['an embedded bundle that cannot be read', () => undefined, 'base-missing', undefined],
  ];
for (const [what, trouble, reason, embedded] of PATCH_TROUBLE) {
  add(`${what}: the full file, the reason as an event, and no second try for that release`, async (world) => {
    await publishTwo(world);
    trouble(world);
    const device = world.device({ embedded });
    same((await device.start().checkAndApply()).how, 'full', 'how');
    const fallbacks = types(device.events, 'patch-fallback') as { reason?: string }[];
    same(
      fallbacks.map((event) => event.reason),
      [reason],
      'fallbacks',
    );
    // The app forgets the download but not that the patch did not work.
    device.disk.files.clear();
    world.network.log.length = 0;
    await device.start().checkAndApply();
    same(
      world.network.log.filter((path) => path.indexOf('patches/') === 0).length,
      0,
      'patches asked for again',
    );
  });
}

// ── trust ────────────────────────────────────────────────────────────────────────────────────────────────────

// regressions.md 17
add('an old index, properly signed, is refused once a newer one was seen (rollback)', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkForUpdate();
  const old = (await world.storage.get(indexLogKey(SCOPE, { epoch: 0, sequence: 1 })))?.body as Uint8Array;
  world.network.meddle = ({ path }) => (path === indexKey(SCOPE) ? { body: old } : undefined);
  await refused(device.start().checkForUpdate(), 'ERR_CLIENT_ROLLBACK_ATTACK');
});

add('the same sequence with other content is refused (equivocation)', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkForUpdate();
  const other = await indexWith(world, { releases: [] });
  world.network.meddle = ({ path }) => (path === indexKey(SCOPE) ? { body: other } : undefined);
  await refused(device.start().checkForUpdate(), 'ERR_CLIENT_EQUIVOCATION');
});

add('an expired index installs nothing (freeze)', async (world) => {
  await publishTwo(world);
  world.time.nowMs += 8 * 86_400_000;
  await refused(world.device().start().checkAndApply(), 'ERR_CLIENT_INDEX_EXPIRED');
});

add(
  'an index of another channel, a manifest as index, an index by a stranger, no signature at all',
  async (world) => {
    await publishTwo(world);
    const { releases } = await currentIndex(world);
    const manifest = (await world.storage.get(manifestKey(releases[0]?.manifest.sha256Hex as string)))
      ?.body as Uint8Array;
    const unsigned = (await indexWith(world, {})).slice();
    unsigned.fill(0, unsigned.length - 64);
    for (const [body, code] of [
      [await indexWith(world, { channel: 'beta' }), 'ERR_DOCUMENT_SCOPE'],
      [manifest, 'ERR_COSE_TYPE'],
      [await indexWith(world, {}, OTHER_KEY), 'ERR_COSE_KEY_UNKNOWN'],
      [unsigned, 'ERR_COSE_SIGNATURE'],
      [new Uint8Array(0), 'ERR_CBOR_MALFORMED'],
    ] as const) {
      world.network.meddle = ({ path }) => (path === indexKey(SCOPE) ? { body } : undefined);
      const device = world.device();
      await refused(device.start().checkAndApply(), code);
      same([staged(device.disk), types(device.events, 'refused').length], [false, 1], 'staged, refusals');
    }
  },
);

add(
  'a manifest or an object with other bytes is refused by its hash (mix and match, substitution)',
  async (world) => {
    const { launch } = await publishTwo(world);
    const { releases } = await currentIndex(world);
    const otherManifest = (await world.storage.get(manifestKey(releases[0]?.manifest.sha256Hex as string)))
      ?.body as Uint8Array;
    for (const [key, body] of [
      [manifestKey(releases[1]?.manifest.sha256Hex as string), otherManifest],
      [objectKey(launch), program('evil')],
    ] as const) {
      world.network.meddle = ({ path }) => (path === key ? { body } : undefined);
      const device = world.device(WHOLE);
      const work = device.start().checkAndApply();
      await refused(work, 'ERR_CLIENT_HASH');
      same(staged(device.disk), false, 'staged');
    }
  },
);

// regressions.md 14
add(
  'a device clock that is wrong by years: behind is corrected by what is signed, ahead installs nothing',
  async (world) => {
    await publishTwo(world);
    const device = world.device();
    world.time.nowMs = 0;
    same((await device.start().checkAndApply()).updated, true, 'updated in 1970');
    world.time.nowMs = START_MS + 10 * 365 * 86_400_000;
    await refused(world.device().start().checkAndApply(), 'ERR_CLIENT_INDEX_EXPIRED');
    same((await device.start().state()).versionCode, 2, 'what was staged runs all the same');
  },
);

add('storage wiped: the floor is the embedded bundle, and the update comes again', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  device.disk.files.clear();
  device.disk.records.clear();
  const client = device.start();
  same((await client.state()).running, 'embedded', 'running');
  same((await client.checkAndApply()).updated, true, 'updated');
});

add(
  'the index key can be rotated: a new root, signed by the old key, makes the new one trusted',
  async (world) => {
    await publishTwo(world);
    const device = world.device();
    await device.start().checkForUpdate();
    const keys = [await KEY.publicKey(), await OTHER_KEY.publicKey()];
    const [oldKid, newKid] = keys.map(({ kidHex }) => kidHex) as [string, string];
    const role = (kidHex: string): { kidHexes: string[]; threshold: number } => ({
      kidHexes: [kidHex],
      threshold: 1,
    });
    const root = {
      expiresAtSeconds: START_MS / 1000 + 10_000_000,
      issuedAtSeconds: START_MS / 1000,
      keys,
      project: 'acme',
      revokedReleaseIds: [],
      roles: { index: [role(newKid)], release: role(oldKid), root: role(oldKid) },
      version: 1,
    };
    await world.storage.put(rootKey(1), (await signTrustRoot(root, [KEY])).envelope);
    const next = await indexWith(
      world,
      { epoch: 1, previousSha256Hex: 'ab'.repeat(32), sequence: 2 },
      OTHER_KEY,
    );
    await world.storage.put(indexKey(SCOPE), next);
    const result = await device.start().checkForUpdate();
    same(
      [result.index.epoch, result.root.version, result.decision.action],
      [1, 1, 'update'],
      'after the rotation',
    );
    // The old key may not sign indexes any more, not even newer ones.
    await world.storage.put(
      indexKey(SCOPE),
      await indexWith(world, { epoch: 1, previousSha256Hex: 'ab'.repeat(32), sequence: 9 }, KEY).catch(
        () => next,
      ),
    );
    check(trustedKeyHex().length === 130, 'the shipped key is a point');
  },
);

// ── networks (regressions.md 10, 20, 21, 33) ──────────────────────────────────────────────────────────────────

add('a connection that breaks is taken up again, with a range', async (world) => {
  await publishTwo(world);
  let breaks = 0;
  const ranges: string[] = [];
  world.network.meddle = ({ path, headers }) => {
    if (path.indexOf('objects/') !== 0) return undefined;
    if (headers['range'] !== undefined) ranges.push(headers['range']);
    return breaks++ < 3 ? { breakAfter: 3000 } : undefined;
  };
  const outcome = await world
    .device({ client: { ...WHOLE.client, maxParallelDownloads: 1 } })
    .start()
    .checkAndApply();
  same([outcome.updated, ranges], [true, ['bytes=3000-', 'bytes=6000-', 'bytes=9000-']], 'ranges');
});

add('a server that ignores ranges sends it all again, and it still adds up', async (world) => {
  await publishTwo(world);
  let first = true;
  world.network.meddle = ({ path }) => {
    if (path.indexOf('objects/') !== 0) return undefined;
    const breakAfter = first ? { breakAfter: 4000 } : {};
    first = false;
    return { ignoreRange: true, ...breakAfter };
  };
  same((await world.device(WHOLE).start().checkAndApply()).updated, true, 'updated');
});

add(
  'a resumed download whose object changed meanwhile is fetched once more from the start',
  async (world) => {
    const { launch } = await publishTwo(world);
    const device = world.device(WHOLE);
    device.disk.files.set(`tmp/${launch}.part`, new Uint8Array(5000).fill(7));
    same((await device.start().checkAndApply()).updated, true, 'updated');
  },
);

add('another part than was asked for is refused', async (world) => {
  const { launch } = await publishTwo(world);
  const device = world.device(WHOLE);
  device.disk.files.set(`tmp/${launch}.part`, program('1.0.1').slice(0, 5000));
  world.network.meddle = ({ path }) =>
    path === objectKey(launch) ? { headers: { 'content-range': 'bytes 0-99/100' } } : undefined;
  await refused(device.start().checkAndApply(), 'ERR_CLIENT_HTTP_STATUS');
});

add('a body without end stops at the cap, for documents and objects', async (world) => {
  const { launch } = await publishTwo(world);
  for (const key of [indexKey(SCOPE), objectKey(launch)]) {
    world.network.meddle = ({ path }) => (path === key ? { body: new Uint8Array(600_000) } : undefined);
    await refused(world.device(WHOLE).start().checkAndApply(), 'ERR_CLIENT_TOO_LARGE');
  }
});

add('a redirect is refused, wherever it leads', async (world) => {
  await publishTwo(world);
  for (const location of ['http://evil.example/', 'file:///etc/passwd', 'https://10.0.0.1/']) {
    world.network.meddle = () => ({ headers: { location }, status: 302 });
    await refused(world.device().start().checkForUpdate(), 'ERR_CLIENT_REDIRECT');
  }
});

add('a dripping server is given up (slow retrieval)', async (world) => {
  await publishTwo(world);
  const client = world
    .device({
      client: {
        network: { attempts: 1, minBytesPerSecond: 1_000_000_000, slowAfterMs: 1 },
        patchDecoder: undefined as never,
      },
    })
    .start();
  await refused(client.checkAndApply(), 'ERR_CLIENT_SLOW');
});

add('429 with Retry-After is honoured, capped at a day', async (world) => {
  await publishTwo(world);
  let calls = 0;
  world.network.meddle = () => (calls++ === 0 ? { headers: { 'retry-after': '7' }, status: 429 } : undefined);
  await world.device().start().checkForUpdate();
  same(world.time.waits, [7000], 'waits');
  world.network.meddle = () => ({ headers: { 'retry-after': '99999999' }, status: 429 });
  let error: unknown;
  await world
    .device()
    .start()
    .checkForUpdate()
    .catch((caught: unknown) => {
      error = caught;
    });
  check(isOtaError(error), 'expected an OtaError');
  same(
    [error.code, error.retryable, error.details['retryAfterMs']],
    ['ERR_CLIENT_HTTP_STATUS', true, 86_400_000],
    'long wait',
  );
});

add('retries have jitter and an end', async (world) => {
  await publishTwo(world);
  world.network.meddle = () => ({ status: 503 });
  await refused(world.device().start().checkForUpdate(), 'ERR_CLIENT_HTTP_STATUS');
  same(world.time.waits, [500, 1000, 2000], 'waits');
});

// ── crashes of the app and of the device ──────────────────────────────────────────────────────────────────────

add('a release that crashes twice is left by the device itself, and not taken again', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  for (let i = 0; i < 2; i++) {
    device.start();
    device.boot.mark('crash');
  }
  const client = device.start();
  same((await client.state()).running, 'embedded', 'running');
  const outcome = await client.checkAndApply();
  same(
    [outcome.updated, outcome.reasons.includes('R_NOT_NEWER') || outcome.reasons.includes('R_FAILED_HERE')],
    [false, true],
    'second offer',
  );
});

// regressions.md 8
add('the running release is revoked: exactly one way back, no loop', async (world) => {
  await publishTwo(world);
  const { release } = await world.publisher.publish(releaseInput('1.0.2'));
  const device = world.device();
  await device.start().checkAndApply();
  await device.start().markHealthy();
  await world.publisher.revoke(release.releaseId);
  const back = await device.start().checkAndApply();
  same([back.updated, back.versionCode], [true, 2], 'the way back');
  const client = device.start();
  same((await client.state()).versionCode, 2, 'running');
  await client.markHealthy();
  for (let i = 0; i < 3; i++) same((await device.start().checkAndApply()).updated, false, 'again');
});

add('revoked with nothing below: back to the embedded bundle', async (world) => {
  const { release } = await world.publisher.publish(releaseInput('1.0.1', { versionCode: 2 }));
  const device = world.device();
  await device.start().checkAndApply();
  await device.start().markHealthy();
  await world.publisher.revoke(release.releaseId);
  await device.start().checkAndApply();
  same((await device.start().state()).running, 'embedded', 'running');
  same((await device.start().checkAndApply()).updated, false, 'again');
});

// regressions.md 1, 12
add(
  'a disk that takes no more at any write: the app starts, nothing half-installed runs, and with room it completes',
  async (world) => {
    const { launch } = await publishTwo(world);
    const probe = world.device();
    await probe.start().checkAndApply();
    check(probe.writes > 8, 'the update writes less than expected');
    for (let allowed = 0; allowed < probe.writes; allowed++) {
      const device = world.device({ disk: emptyDisk() });
      device.writesLeft = allowed;
      let failed = false;
      await device
        .start()
        .checkAndApply()
        .catch(() => {
          failed = true;
        });
      check(failed || allowed === 0, `write ${allowed} was refused and nobody noticed`);
      device.writesLeft = Number.POSITIVE_INFINITY;
      const next = device.start();
      const { running } = await next.state();
      check(running === 'embedded' || running === launch, `after write ${allowed}: ${running}`);
      if (running === 'embedded')
        same((await next.checkAndApply()).updated, true, `again after write ${allowed}`);
      same((await device.start().state()).running, launch, `finally after write ${allowed}`);
    }
  },
);

add('clean-up keeps what may still be needed and removes the rest', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  await device.start().markHealthy();
  await world.publisher.publish(releaseInput('1.0.2'));
  await device.start().checkAndApply();
  device.disk.files.set('bundles/stranger/launch.bundle', new Uint8Array(1));
  device.disk.files.set('tmp/left.part', new Uint8Array(1));
  await device.start().cleanUp();
  const names = Array.from(device.disk.files.keys());
  same(
    names.filter((name) => name.indexOf('tmp/') === 0 || name.indexOf('bundles/stranger') === 0),
    [],
    'left over',
  );
  same(names.filter((name) => name.slice(-14) === '/launch.bundle').length, 2, 'bundles kept');
  same((await device.start().state()).versionCode, 3, 'running');
});

add(
  'what nobody needs any more is gone when the next release is staged, without being asked',
  async (world) => {
    await publishTwo(world);
    const device = world.device();
    const installed = () =>
      Array.from(device.disk.files.keys()).filter((name) => name.slice(-14) === '/launch.bundle').length;
    for (let next = 2; next < 6; next++) {
      await device.start().checkAndApply();
      await device.start().markHealthy();
      device.start();
      await world.publisher.publish(releaseInput(`1.0.${next}`));
    }
    await device.start().checkAndApply();
    check(
      installed() <= 3,
      `${installed()} bundles are kept: the one that runs, the one before, the staged one`,
    );
    same(
      Array.from(device.disk.files.keys()).filter((name) => /^(tmp|objects)\//.test(name)),
      [],
      'left over',
    );
  },
);

add(
  'too little space is told before anything of the release is fetched, and taken up when there is enough',
  async (world) => {
    const { launch } = await publishTwo(world);
    const device = world.device();
    device.disk.freeBytes = 1_000;
    const client = device.start();
    world.network.log.length = 0;
    await refused(client.checkAndApply(), 'ERR_CLIENT_NO_SPACE');
    same(
      world.network.log.filter((path) => path.indexOf('objects/') === 0),
      [],
      'fetched',
    );
    device.disk.freeBytes = 100_000_000;
    same((await client.checkAndApply()).updated, true, 'with enough space');
    same((await device.start().state()).running, launch, 'running');
  },
);

add('explains itself: in codes, or in words where the app brings them', async (world) => {
  await publishTwo(world);
  const device = world.device();
  const [outcome, ...reasons] = await device.start().explain();
  same(outcome, 'update', 'outcome');
  check(
    reasons.some((line) => line.endsWith(': R_SELECTED')),
    `no reason in ${reasons.join('; ')}`,
  );
  const client = world.device({ client: { explainer: explainCheck } }).start();
  const lines = await client.explain(await client.checkForUpdate());
  check(
    lines.some((line) => line.indexOf('this is the one') >= 0),
    `no words in ${lines.join('; ')}`,
  );
});

add('a damaged installed bundle is not launched, and comes again under its own hash', async (world) => {
  const { launch } = await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  await device.start().markHealthy();
  device.disk.files.set(`bundles/${launch}/launch.bundle`, new Uint8Array(3));
  same((await device.start().state()).running, 'embedded', 'running');
  check(patchKey(launch, launch, 'kvd1').length > 0 && sha256Hex(new Uint8Array(3)) !== launch, 'hash');
});

export const updateCases: readonly Case[] = cases;
