// Run by Jest with React Native's own preset (hooks.test.ts): the hooks in the renderer that apps test with.
import { createElement, type ReactElement, useEffect } from 'react';
import { AppState, Text } from 'react-native';
import { act, create, type ReactTestRenderer } from 'react-test-renderer';
import {
  OtaGate,
  OtaProvider,
  type OtaState,
  useOta,
  useOtaActions,
} from '@kivyx-ota/client-react-native/hooks';
import { type Channel, createChannel } from '../suite/channel.ts';

declare const describe: (name: string, run: () => void) => void;
declare const it: (name: string, run: () => Promise<void> | void) => void;
declare const beforeEach: (run: () => Promise<void>) => void;
declare const expect: (value: unknown) => {
  toBe(other: unknown): void;
  toEqual(other: unknown): void;
  toThrow(text: string): void;
  toBeGreaterThan(other: number): void;
};

let channel: Channel;
beforeEach(async () => {
  channel = await createChannel();
});

const kindOf = ({ phase }: OtaState): string => phase.kind;
let renders = 0;
function Phase(): ReactElement {
  const kind = useOta(kindOf);
  useEffect(() => {
    renders++;
  });
  return createElement(Text, null, kind);
}
function textOf(tree: ReactTestRenderer): string {
  return JSON.stringify(tree.toJSON());
}
async function settle(until: () => boolean): Promise<void> {
  for (let i = 0; i < 4000 && !until(); i++)
    await act(async () => {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    });
}

describe('useOta', () => {
  it('shows the phase as it changes, and starts with the provider', async () => {
    await channel.publish('1.0.1');
    const ota = channel.ota({ checkEveryMs: 3_600_000 });
    let tree = undefined as unknown as ReactTestRenderer;
    await act(async () => {
      tree = create(createElement(OtaProvider, { ota }, createElement(Phase)));
    });
    await settle(() => textOf(tree).includes('ready'));
    expect(textOf(tree).includes('ready')).toBe(true);
    await act(async () => tree.unmount());
  });

  it('renders again only when the selected part is another one', async () => {
    const ota = channel.ota();
    let tree = undefined as unknown as ReactTestRenderer;
    await act(async () => {
      tree = create(createElement(OtaProvider, { ota }, createElement(Phase)));
    });
    renders = 0;
    await act(async () => {
      await ota.update();
    });
    // checking, up-to-date; the events in the log change the state, not the phase.
    expect(renders <= 2).toBe(true);
    expect(ota.getState().log.length).toBeGreaterThan(0);
    await act(async () => tree.unmount());
  });

  it('without a provider says what is missing', () => {
    function Lost(): ReactElement {
      useOtaActions();
      return createElement(Text, null, 'lost');
    }
    const quiet = console.error;
    console.error = () => undefined;
    try {
      expect(() => {
        void act(() => {
          create(createElement(Lost));
        });
      }).toThrow('OtaProvider');
    } finally {
      console.error = quiet;
    }
  });
});

describe('OtaGate', () => {
  const gate = (ota: ReturnType<Channel['ota']>, timeoutMs: number): ReactElement =>
    createElement(
      OtaProvider,
      { ota },
      createElement(
        OtaGate,
        { fallback: ({ kind }) => createElement(Text, null, `wait: ${kind}`), timeoutMs },
        createElement(Text, null, 'app'),
      ),
    );

  it('holds the app back for a mandatory update, and restarts when it has come', async () => {
    await channel.publish('1.0.1', { mandatory: true });
    const ota = channel.ota({ checkEveryMs: 3_600_000 });
    let tree = undefined as unknown as ReactTestRenderer;
    await act(async () => {
      tree = create(gate(ota, 10_000));
    });
    await settle(() => channel.native.restarts > 0);
    expect(channel.native.restarts).toBe(1);
    expect(textOf(tree).includes('wait: restarting')).toBe(true);
    await act(async () => tree.unmount());
  });

  it('shows the app for any other update, and after the timeout for a mandatory one that does not come', async () => {
    await channel.publish('1.0.1');
    const ota = channel.ota({ checkEveryMs: 3_600_000 });
    let tree = undefined as unknown as ReactTestRenderer;
    await act(async () => {
      tree = create(gate(ota, 10_000));
    });
    await settle(() => ota.getState().phase.kind === 'ready');
    expect(textOf(tree).includes('app')).toBe(true);
    expect(channel.native.restarts).toBe(0);
    await act(async () => tree.unmount());

    await channel.publish('1.0.2', { mandatory: true });
    const slow = channel.ota();
    await act(async () => {
      tree = create(gate(slow, 2000));
    });
    await act(async () => {
      await slow.check();
    });
    expect(textOf(tree).includes('wait: available')).toBe(true);
    await settle(() => textOf(tree).includes('app'));
    expect(textOf(tree).includes('app')).toBe(true);
    await act(async () => tree.unmount());
  });
});

it('the preset is React Native\u2019s own: AppState is its mock', () => {
  expect(typeof AppState.addEventListener).toBe('function');
});
