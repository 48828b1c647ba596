// One call, exactly as an app writes it.
import { createFacade, type Facade } from '@kivyx-ota/client/facade';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import type { ClientPorts } from '@kivyx-ota/client';
import { caseList, publishTwo, refused, same } from './harness.ts';
import { BASE_URL, trustedKeyHex, type World, type WorldDevice } from './world.ts';

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
