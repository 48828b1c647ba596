// docs/recipes/mandatory-update.md: the dialog, with a device in memory that makes the real boot decisions.
import { OtaProvider } from '@kivyx-ota/client-react-native';
import { act, create } from 'react-test-renderer';
import { Text } from 'react-native';
import { MandatoryUpdate } from '../../src/MandatoryUpdate';
import { createCafe } from './cafe';

let tree;
afterEach(() => act(async () => tree.unmount()));

/** The app with its dialog. */
async function open(ota) {
  await act(async () => {
    tree = create(
      <OtaProvider ota={ota}>
        <Text>the app</Text>
        <MandatoryUpdate />
      </OtaProvider>,
    );
  });
}
const isOpen = () => tree.root.findAll(({ props }) => props.testID === 'mandatory-update').length > 0;
const button = () => tree.root.findAll(({ props }) => props.title === 'Restart now')[0];
async function settled(isIt) {
  for (let i = 0; i < 400 && !isIt(); i++)
    await act(async () => new Promise((resolve) => setTimeout(resolve, 5)));
  expect(isIt()).toBe(true);
}

it('stays until a mandatory update is there, and restarts into it', async () => {
  const { createOta, native, publish } = createCafe();
  await publish('1.1.0', { mandatory: true });
  const ota = createOta();
  await open(ota);
  expect(isOpen()).toBe(false);
  await act(async () => void ota.update());
  await settled(() => isOpen() && button() !== undefined);
  await act(async () => button().props.onPress());
  expect(native.restarts).toBe(1);
});

it('does not come for an update that can wait, and goes when the network does', async () => {
  const { createOta, native, publish } = createCafe();
  await publish('1.1.0');
  const ota = createOta();
  await open(ota);
  await act(async () => ota.update());
  expect(isOpen()).toBe(false);
  await publish('1.2.0', { mandatory: true });
  native.setOffline(true);
  await act(async () => ota.update().catch(() => undefined));
  expect(isOpen()).toBe(false);
  expect(JSON.stringify(tree.toJSON())).toContain('the app');
});
