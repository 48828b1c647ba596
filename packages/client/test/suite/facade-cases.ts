// One call, exactly as an app writes it.
import { type CheckAndApplyResult, createFacade, type Facade } from '@kivyx-ota/client/facade';
import { createPublisher } from '@kivyx-ota/publisher';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import type { ClientPorts } from '@kivyx-ota/client';
import { caseList, publishTwo, refused, same } from './harness.ts';
import { BASE_URL, KEY, releaseInput, SCOPE, trustedKeyHex, type World, type WorldDevice } from './world.ts';

/** Of a key that signs nothing here. */
const OTHER_KEY_HEX =
  '04072dba9ab5bf2051637147805cc333496625dce587c81bec905046e8cc4dce2c' +
  'dc72b28cf3ef78db20bc3f6f3007a5cdb7a6a56774c48b134250f3119574f6ad';

const { add, cases } = caseList();

function facadeOn(world: World): { readonly device: WorldDevice; start(): Facade } {
  let ports: ClientPorts | undefined;
  const device = world.device({
    ports: (made) => {
      ports = made;
      return made;
    },
  });
  return {
    device,
    start: () => {
      device.start();
      return createFacade({ patchDecoder: deltaDecoder, platform: 'android', ports: ports as ClientPorts });
    },
  };
}

const options = (): Parameters<Facade['checkAndApply']>[0] => ({
  app: 'cafe',
  binaryVersion: '1.0.0',
  cdnBase: BASE_URL,
  channel: 'production',
  deviceId: 'device-1',
  project: 'acme',
  publicKeys: { 'release-2026': { rawPubHex: trustedKeyHex() } },
  runtimeVersion: '1',
});

add('facade: ensureHealthyOrRollback, checkAndApply, restart, markHealthy', async (world) => {
  await publishTwo(world);
  const { device, start } = facadeOn(world);
  const first = start();
  same((await first.ensureHealthyOrRollback()).state, 'embedded', 'first start');
  const { updated, versionCode, reasons } = await first.checkAndApply(options());
  same([updated, versionCode, reasons], [true, 2, ['R_SELECTED', 'R_NOT_NEWER']], 'result');
  const second = start();
  same((await second.ensureHealthyOrRollback()).state, 'on-probation', 'second start');
  await second.markHealthy();
  same((await second.checkAndApply(options())).updated, false, 'nothing more');
  same((await start().ensureHealthyOrRollback()).state, 'healthy', 'third start');
  same(device.restarts, 0, 'restarts');
});

add(
  'facade: exactly the call of its documentation, and exactly the three fields of its answer',
  async (world) => {
    // Where no project is named, the app's name is it.
    const publisher = createPublisher({
      clock: { nowMs: () => world.time.nowMs },
      random: { bytes: (length) => new Uint8Array(length) },
      scope: { ...SCOPE, project: 'cafe' },
      signers: { index: KEY, release: KEY },
      storage: world.storage,
      trust: { keys: [trustedKeyHex()] },
    });
    await publisher.publish(releaseInput('1.0.0'));
    const newer = await publisher.publish(releaseInput('1.0.1'));
    const { device, start } = facadeOn(world);
    const call = (): Promise<CheckAndApplyResult> =>
      start().checkAndApply({
        app: 'cafe',
        arch: 'arm64-v8a',
        binaryVersion: '1.0.0',
        cdnBase: BASE_URL,
        channel: 'production',
        deviceId: 'device-1',
        publicKeys: { 'release-2026': { rawPubHex: trustedKeyHex() }, spare: { rawPubHex: OTHER_KEY_HEX } },
        rnVersion: '0.82.1',
        runtimeVersion: '1',
      });
    const { updated, versionCode, reasons, ...more } = await call();
    same([updated, versionCode, reasons, more], [true, 2, ['R_SELECTED', 'R_NOT_NEWER'], {}], 'first');
    same(await call(), { reasons: ['R_RUNNING', 'R_NOT_NEWER'], updated: false }, 'after the restart');
    same(device.boot.snapshot().running, newer.release.launchSha256Hex, 'running');
    const { binaryVersion, cdnBase } = { binaryVersion: '1.0.0', cdnBase: BASE_URL };
    const deviceId = 'device-2';
    const publicKeys = { main: { rawPubHex: trustedKeyHex() } };
    const least = { app: 'cafe', binaryVersion, cdnBase, channel: 'production', deviceId, publicKeys };
    same((await facadeOn(world).start().checkAndApply(least)).updated, false, 'without a runtime version');
  },
);

add('facade: what the network or a signature refuses is a value with its code', async (world) => {
  await publishTwo(world);
  const { start } = facadeOn(world);
  world.network.meddle = () => ({ status: 404 });
  same(
    await start().checkAndApply(options()),
    { reasons: ['ERR_CLIENT_HTTP_STATUS'], updated: false },
    'offline',
  );
  world.network.meddle = () => ({ body: new Uint8Array(0) });
  same((await start().checkAndApply(options())).reasons, ['ERR_CBOR_MALFORMED'], 'nonsense');
});

add('facade: options that cannot work are errors at the first call', async (world) => {
  const { start } = facadeOn(world);
  await refused(start().checkAndApply({ ...options(), publicKeys: {} }), 'ERR_CLIENT_STATE');
  await refused(start().checkAndApply({ ...options(), cdnBase: 'http://cdn.example/' }), 'ERR_CLIENT_URL');
  await refused(
    start().checkAndApply({ ...options(), publicKeys: { a: { rawPubHex: '04' } } }),
    'ERR_KEY_FORMAT',
  );
});

add('facade: calls at once run one after the other', async (world) => {
  await publishTwo(world);
  const facade = facadeOn(world).start();
  const results = await Promise.all([facade.checkAndApply(options()), facade.checkAndApply(options())]);
  same(
    results.map(({ updated }) => updated),
    [true, true],
    'updated',
  );
});

export const facadeCases = cases;
