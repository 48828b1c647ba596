// Bugs that other updaters shipped (docs/regressions.md), where no other case says them already.
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { createDeltaDecoder } from '@kivyx-ota/client/delta';
import { createPatch } from '@kivyx-ota/delta/diff';
import { kvd1 } from '@kivyx-ota/delta/kvd1';
import { type ChannelIndex, indexKey, objectKey } from '@kivyx-ota/manifest';
import { signChannelIndex } from '@kivyx-ota/manifest/sign';
import { caseList, check, publishTwo, refused, same, types, WHOLE } from './harness.ts';
import { KEY, program, releaseInput, SCOPE, type World, type WorldDevice } from './world.ts';

const { add, cases } = caseList();

/** Takes the newest release and confirms it. */
async function updateAndConfirm(device: WorldDevice): Promise<void> {
  same((await device.start().checkAndApply()).updated, true, 'updated');
  await device.start().markHealthy();
}
async function publish(world: World, version: string): Promise<string> {
  return (await world.publisher.publish(releaseInput(version))).release.launchSha256Hex;
}
const runningOf = (device: WorldDevice): string => {
  device.start();
  return device.boot.snapshot().running;
};

add(
  'a release whose JavaScript hangs before the first render is left after two timeouts, without reinstalling',
  async (world) => {
    const { launch } = await publishTwo(world);
    const device = world.device();
    await device.start().checkAndApply();
    for (let i = 0; i < 2; i++) {
      same(runningOf(device), launch, `start ${i + 1}`);
      // Native code watches the time; the hanging JavaScript does nothing at all.
      device.boot.mark('timeout');
    }
    same(runningOf(device), 'embedded', 'after two timeouts');
  },
);

add('a release that hangs without leaving any trace is left after three starts', async (world) => {
  const { launch } = await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  for (let i = 0; i < 3; i++) same(runningOf(device), launch, `start ${i + 1}`);
  same(runningOf(device), 'embedded', 'after three unknown ends');
});

add('an app killed 200 ms after the first start of an update keeps the update', async (world) => {
  const { launch } = await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  same(runningOf(device), launch, 'first start, killed');
  const client = device.start();
  same((await client.state()).running, launch, 'second start');
  await client.markHealthy();
  same(runningOf(device), launch, 'confirmed');
});

add('a confirmation from the previous bundle changes nothing', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  const previous = device.start();
  await previous.markHealthy();
  await publish(world, '1.0.2');
  const older = device.start();
  await older.checkAndApply();
  device.start();
  // The page of the launch before comes back from the dead.
  await previous.markHealthy();
  await older.markHealthy();
  same((await device.start().state()).pending, true, 'the new bundle is still on probation');
});

add('when the very first update fails, the embedded bundle runs, at every later start too', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  for (let i = 0; i < 2; i++) {
    device.start();
    device.boot.mark('crash');
  }
  for (let i = 0; i < 5; i++) {
    same(runningOf(device), 'embedded', `start ${i + 1}`);
    same((await device.start().checkAndApply()).updated, false, 'offered again');
  }
});

add(
  'an update that arrives while the current one is failing: the failing one is banned, the new one runs',
  async (world) => {
    const { launch } = await publishTwo(world);
    const device = world.device();
    await device.start().checkAndApply();
    device.start();
    device.boot.mark('crash');
    const failing = device.start();
    same((await failing.state()).running, launch, 'second start of the failing one');
    const fixed = await publish(world, '1.0.2');
    same((await failing.checkAndApply()).versionCode, 3, 'staged meanwhile');
    device.boot.mark('crash');
    const next = device.start();
    const { running, failed } = await next.state();
    same([running, failed.map(({ sha256Hex }) => sha256Hex)], [fixed, [launch]], 'running, failed');
  },
);

add('a release that was rolled back, published again under another hash, installs', async (world) => {
  await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  for (let i = 0; i < 2; i++) {
    device.start();
    device.boot.mark('crash');
  }
  device.start();
  const fixed = await publish(world, '1.0.1-fixed');
  same((await device.start().checkAndApply()).updated, true, 'updated');
  same(runningOf(device), fixed, 'running');
});

add('a store upgrade with an installed older update runs the bundle of the new binary', async (world) => {
  const { launch } = await publishTwo(world);
  const device = world.device();
  await updateAndConfirm(device);
  same(runningOf(device), launch, 'before the upgrade');
  const upgraded = world.device({
    binaryId: 'bin-2',
    disk: device.disk,
    embedded: program('2.0.0'),
    embeddedVersionCode: 5,
  });
  const client = upgraded.start();
  same((await client.state()).running, 'embedded', 'after the upgrade');
  same((await client.checkAndApply()).updated, false, 'older than the binary');
});

add('a truncated or zero-filled bundle is never executed', async (world) => {
  const { launch } = await publishTwo(world);
  for (const damage of [
    new Uint8Array(0),
    program('1.0.1').slice(0, 100),
    new Uint8Array(program('1.0.1').length),
  ]) {
    const device = world.device();
    await updateAndConfirm(device);
    device.disk.files.set(`bundles/${launch}/launch.bundle`, damage);
    same(runningOf(device), 'embedded', `with ${damage.length} bytes`);
  }
});

add('two processes boot at once: the second runs the embedded bundle and writes nothing', async (world) => {
  const { launch } = await publishTwo(world);
  const device = world.device();
  await device.start().checkAndApply();
  same(runningOf(device), launch, 'first process');
  const second = world.device({ disk: device.disk, lockAcquired: false });
  same([runningOf(second), second.writes], ['embedded', 0], 'second process');
});

// Patch bases: a patch is made for exact bytes, and never believed beyond them.
for (const [what, embedded] of [
  ['damaged', (): Uint8Array => program('1.0.0').map((byte, i) => (i === 5000 ? byte ^ 1 : byte))],
  ['of another build', (): Uint8Array => program('0.9.9')],
] as const) {
  add(`a patch base that is ${what}: no patch is asked for, the full file comes once`, async (world) => {
    await publishTwo(world);
    const device = world.device({ embedded: embedded() });
    world.network.log.length = 0;
    same((await device.start().checkAndApply()).how, 'full', 'how');
    const asked = world.network.log.filter((path) => path.indexOf('patches/') === 0).length;
    same(asked, 0, 'patches asked for');
  });
}

add(
  'a signed patch that would make a huge file: given up at the signed size, full file once, never again',
  async (world) => {
    const { launch } = await publishTwo(world);
    const state = await world.publisher.read();
    const base = program('1.0.0');
    // Six times the signed size, from a few bytes, properly signed: the index key was stolen, or the publisher has a bug.
    const bomb = await createPatch(base, new Uint8Array(120_000), { formats: ['kvd1'] });
    const index = state?.index as ChannelIndex;
    const releases = index.releases.map((release) =>
      release.launchSha256Hex === launch
        ? {
            ...release,
            patches: [
              {
                baseSha256Hex: sha256Hex(base),
                format: bomb.format,
                sha256Hex: sha256Hex(bomb.bytes),
                sizeBytes: bomb.bytes.length,
              },
            ],
          }
        : release,
    );
    const { envelope } = await signChannelIndex({ ...index, releases }, KEY);
    world.network.meddle = ({ path }) => {
      if (path === indexKey(SCOPE)) return { body: envelope };
      return path.indexOf('patches/') === 0 ? { body: bomb.bytes, status: 200 } : undefined;
    };
    const device = world.device({ client: { patchDecoder: createDeltaDecoder([kvd1]) } });
    for (const reason of ['apply-failed', 'tried-before']) {
      same((await device.start().checkAndApply()).how, 'full', 'how');
      const fallbacks = types(device.events, 'patch-fallback') as { reason?: string }[];
      same(fallbacks[fallbacks.length - 1]?.reason, reason, 'reason');
      device.disk.files.clear();
    }
  },
);

add('an asset path that leaves its folder is refused when it is published', async (world) => {
  for (const path of ['../x', '/x', 'C:\\x', 'a/../../x', 'a\\b', 'a\u0000b', 'a//b', './a', 'CON/../a']) {
    let error: unknown;
    await world.publisher
      .publish(releaseInput('1.0.0', { assets: [{ bytes: new Uint8Array(1), path }] }))
      .catch((caught: unknown) => {
        error = caught;
      });
    check(error instanceof Error, `${JSON.stringify(path)} was published`);
  }
  same(await world.storage.get(indexKey(SCOPE)), undefined, 'index');
});

add('an error of the download leaves nothing that the next start would run', async (world) => {
  const { launch } = await publishTwo(world);
  world.network.meddle = ({ path }) => (path === objectKey(launch) ? { status: 404 } : undefined);
  const device = world.device(WHOLE);
  await refused(device.start().checkAndApply(), 'ERR_CLIENT_HTTP_STATUS');
  same(runningOf(device), 'embedded', 'running');
});

export const regressionCases = cases;
