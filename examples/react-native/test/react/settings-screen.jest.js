// The settings screen as an app tests it: React Native's preset, and a device in memory that makes the real boot decisions.
import { OtaProvider } from '@kivyx-ota/client-react-native';
import { PaperProvider } from 'react-native-paper';
import { act, create } from 'react-test-renderer';
import { SettingsScreen } from '../../src/SettingsScreen';
import '../../src/texts';
import { createCafe } from './cafe';

let native;
let publish;
let createOta;
let tree;
beforeEach(() => {
  ({ createOta, native, publish } = createCafe());
});
afterEach(() => act(async () => tree.unmount()));

/** A start of the app, on the settings screen. */
async function open() {
  const ota = createOta();
  await act(async () => {
    tree = create(
      <OtaProvider ota={ota}>
        <PaperProvider>
          <SettingsScreen />
        </PaperProvider>
      </OtaProvider>,
    );
  });
  return ota;
}
const all = (testID, prop) =>
  tree.root.findAll((node) => node.props.testID === testID && node.props[prop] !== undefined);
/** The same item is found again as it goes down the tree; the outermost is the screen's own. */
const titles = (testID) =>
  all(testID, 'title')
    .filter(({ parent }) => parent?.props.testID !== testID)
    .map(({ props }) => props.title);
/** What the press begins goes on after it, as on a screen. */
const press = (testID) =>
  act(async () => {
    all(testID, 'onPress')[0].props.onPress();
  });
/** An accordion has no `onPress` of the screen's: it is what can be pressed below it. */
const unfold = (testID) =>
  act(async () =>
    tree.root
      .find(({ props }) => props.testID === testID && props.title !== undefined)
      .findAll(({ props }) => typeof props.onPress === 'function')[0]
      .props.onPress(),
  );
/** What `read` gives once it is what is waited for, or after two seconds. */
async function settled(read, isIt) {
  for (let i = 0; i < 400 && !isIt(read()); i++)
    await act(async () => new Promise((resolve) => setTimeout(resolve, 5)));
  return read();
}
const phase = () => titles('phase')[0];
const expectPhase = async (title) => expect(await settled(phase, (one) => one === title)).toBe(title);

it('shows what runs, fetches an update, and restarts into it', async () => {
  const { release } = await publish('1.1.0');
  await open();
  expect(titles('running')).toEqual(['As from the store (0)']);
  expect(titles('phase')).toEqual(['Nothing done yet']);

  await press('update');
  await expectPhase('Version 1.1.0 runs after the next start');

  await press('restart');
  expect(native.restarts).toBe(1);
  await act(async () => tree.unmount());
  native.start();
  await open();
  expect(titles('running')).toEqual(['Release 1, on probation']);
  expect(all('running', 'title')[0].props.description).toBe(release.releaseId);
});

it('shows a bar while bytes come, and a button that stops them', async () => {
  await publish('1.1.0');
  let goOn;
  const hasLooked = new Promise((resolve) => {
    goOn = resolve;
  });
  const { download } = native;
  let files = 0;
  // The first file comes; the others wait until the test has looked.
  native.download = async (...parameters) => {
    if (++files > 1) await hasLooked;
    return download(...parameters);
  };
  await open();
  await press('update');
  const bar = await settled(
    () => all('progress', 'progress')[0]?.props.progress,
    (progress) => progress > 0,
  );
  expect(bar).toBeGreaterThan(0);
  expect(bar).toBeLessThan(1);
  expect(phase()).toMatch(/^\d+ of \d+ kB are here$/);
  await press('cancel');
  goOn();
  await expectPhase('Not possible: ERR_CLIENT_ABORTED');
});

it('says why there is nothing to do, release by release, and what happened', async () => {
  await publish('1.1.0', { rolloutBasisPoints: 0 });
  await publish('1.2.0', { runtimeVersion: '2' });
  await open();
  await press('update');
  await expectPhase('Up to date');
  await unfold('reasons');
  expect(titles('reason')).toEqual(['For another version of the app', 'This device is not due yet']);
  await unfold('events');
  expect(titles('event').some((title) => title.startsWith('check, action none'))).toBe(true);
});

it('says what an error is called, and that a release was taken back', async () => {
  await publish('1.1.0');
  await open();
  native.setOffline(true);
  await press('update');
  await expectPhase('Not possible just now: ERR_CLIENT_NETWORK');
  native.setOffline(false);
  await press('update');
  await expectPhase('Version 1.1.0 runs after the next start');
  await act(async () => tree.unmount());
  for (let i = 0; i < 2; i++) {
    native.start();
    native.end('crash');
  }
  native.start();
  await open();
  expect(titles('running')).toEqual(['As from the store (0)']);
  expect(titles('rolled-back')).toEqual(['Taken back: crashed']);
});
