// The store and its actions, without React Native and without React.
import { codePushNames, InstallMode, SyncStatus } from '@kivyx-ota/client-react-native/code-push';
import { addOtaMenuItems } from '../src/dev-menu.ts';
import { sentryContext } from '../src/sentry-context.ts';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Channel, createChannel } from './suite/channel.ts';

let channel: Channel;
beforeEach(async () => {
  channel = await createChannel();
});

/** Every kind of phase, in order, without repeats. */
function watchPhases(ota: ReturnType<Channel['ota']>): string[] {
  const kinds: string[] = [];
  ota.subscribe(() => {
    const { kind } = ota.getState().phase;
    if (kinds[kinds.length - 1] !== kind) kinds.push(kind);
  });
  return kinds;
}

describe('an update', () => {
  it('goes through checking, downloading and ready, and runs on probation after the restart', async () => {
    const { releaseId } = await channel.publish('1.0.1');
    const ota = channel.ota();
    const kinds = watchPhases(ota);
    const phase = await ota.update();
    expect(phase).toMatchObject({ kind: 'ready', release: { mandatory: false, releaseId, versionCode: 2 } });
    expect(kinds).toEqual(['checking', 'downloading', 'ready']);
    channel.native.start();
    const next = channel.ota();
    expect(next.getState().running).toMatchObject({ state: 'on-probation', versionCode: 2 });
    await next.start();
    expect(next.getState().running.releaseId).toBe(releaseId);
    await next.markHealthy();
    expect(next.getState().running.state).toBe('healthy');
  });

  it('is only shown by check(), with progress while it comes, and can be stopped and taken up again', async () => {
    await channel.publish('1.0.1', { assets: [{ bytes: new Uint8Array(500_000).fill(7), path: 'a.bin' }] });
    const ota = channel.ota();
    expect(await ota.check()).toMatchObject({ kind: 'available', release: { version: '1.0.1' } });
    let largest = 0;
    const stop = ota.subscribe(() => {
      const { phase } = ota.getState();
      if (phase.kind !== 'downloading') return;
      largest = Math.max(largest, phase.progress.receivedBytes);
      if (phase.progress.receivedBytes > 100_000) ota.cancel();
    });
    expect(await ota.update()).toMatchObject({ code: 'ERR_CLIENT_ABORTED', kind: 'error' });
    expect(largest).toBeGreaterThan(100_000);
    stop();
    expect((await ota.update()).kind).toBe('ready');
  });

  it('that is mandatory restarts at once where the options say so', async () => {
    await channel.publish('1.0.1', { mandatory: true });
    const ota = channel.ota({ installMandatory: 'immediate' });
    expect((await ota.update()).kind).toBe('restarting');
    expect(channel.native.restarts).toBe(1);
  });

  it('that was revoked leads back to the embedded bundle', async () => {
    const { releaseId } = await channel.publish('1.0.1');
    await channel.ota().update();
    channel.native.start();
    await channel.ota().markHealthy();
    await channel.publisher.revoke(releaseId);
    const ota = channel.ota();
    expect(await ota.update()).toMatchObject({ kind: 'ready', release: { mandatory: true, versionCode: 1 } });
    expect(channel.native.start().running).toBe('embedded');
  });

  it('that crashed is told after the way back, and is not offered again', async () => {
    await channel.publish('1.0.1');
    await channel.ota().update();
    for (let i = 0; i < 2; i++) {
      channel.native.start();
      channel.native.end('crash');
    }
    channel.native.start();
    const ota = channel.ota();
    await ota.start();
    expect(ota.getState().rolledBack).toMatchObject([{ cause: 'crashed' }]);
    expect(await ota.update()).toMatchObject({ kind: 'up-to-date' });
  });
});

describe('errors', () => {
  it('are a phase, with a code and whether a retry may help; what is ready stays ready', async () => {
    const ota = channel.ota();
    channel.native.setOffline(true);
    expect(await ota.update()).toMatchObject({ code: 'ERR_CLIENT_NETWORK', kind: 'error', retryable: true });
    channel.native.setOffline(false);
    channel.meddle = (url) =>
      url.endsWith('index.cose') ? { body: new Uint8Array(4), status: 200 } : undefined;
    expect(await ota.update()).toMatchObject({ kind: 'error', retryable: false });
    channel.meddle = () => undefined;
    expect((await ota.update()).kind).toBe('up-to-date');
  });

  it('two calls at once are one', async () => {
    await channel.publish('1.0.1');
    const ota = channel.ota();
    const [a, b] = await Promise.all([ota.update(), ota.update()]);
    expect(a).toBe(b);
  });

  it('options that cannot work are refused when the module is made', () => {
    expect(() => channel.ota({ baseUrl: 'ftp://x/' })).toThrow(
      expect.objectContaining({ code: 'ERR_CLIENT_URL' }),
    );
  });
});

describe('start', () => {
  it('looks for an update, and again when the app comes back after long enough', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const ota = channel.ota({ checkEveryMs: 60_000 });
      await ota.start();
      expect(ota.getState().phase.kind).toBe('up-to-date');
      await channel.publish('1.0.1');
      channel.setForeground(false);
      channel.setForeground(true);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(ota.getState().phase.kind).toBe('up-to-date');
      vi.setSystemTime(Date.now() + 61_000);
      channel.setForeground(false);
      channel.setForeground(true);
      await vi.waitFor(() => expect(ota.getState().phase.kind).toBe('ready'));
      ota.stop();
    } finally {
      vi.useRealTimers();
    }
  });

  it('confirms by itself after the time in the foreground that the options give', async () => {
    await channel.publish('1.0.1');
    await channel.ota().update();
    channel.native.start();
    const ota = channel.ota({ health: { confirmAfterMs: 30 } });
    await ota.start();
    await vi.waitFor(() => expect(ota.getState().running.state).toBe('healthy'));
  });
});

describe('CodePush names', () => {
  it('sync, restartApp, disallowRestart and allowRestart do what they did there', async () => {
    const names = codePushNames(channel.ota());
    expect(await names.sync()).toBe(SyncStatus.UP_TO_DATE);
    await channel.publish('1.0.1');
    expect(await names.sync()).toBe(SyncStatus.UPDATE_INSTALLED);
    names.disallowRestart();
    names.disallowRestart();
    await names.restartApp(true);
    expect(channel.native.restarts).toBe(0);
    names.allowRestart();
    expect(channel.native.restarts).toBe(1);
    channel.native.start();
    const after = codePushNames(channel.ota());
    await after.notifyAppReady();
    await after.restartApp(true);
    expect(channel.native.restarts).toBe(1);
    channel.native.setOffline(true);
    expect(await after.sync()).toBe(SyncStatus.UNKNOWN_ERROR);
    expect(InstallMode.ON_NEXT_SUSPEND).toBe(InstallMode.ON_NEXT_RESUME);
  });

  it('what sync is not told is as createOta was told', async () => {
    await channel.publish('1.0.1', { mandatory: true });
    const names = codePushNames(channel.ota({ installMandatory: 'immediate' }));
    await names.sync({ installMode: InstallMode.ON_NEXT_RESTART });
    expect(channel.native.restarts).toBe(1);
  });

  it('sync takes CodePush’s options, and tells status and progress as CodePush does', async () => {
    await channel.publish('1.0.1', { assets: [{ bytes: new Uint8Array(500_000).fill(7), path: 'a.bin' }] });
    const names = codePushNames(channel.ota());
    const statuses: number[] = [];
    const progress = vi.fn();
    const first = names.sync(
      { installMode: InstallMode.IMMEDIATE },
      (status) => statuses.push(status),
      progress,
    );
    expect(await names.sync()).toBe(SyncStatus.SYNC_IN_PROGRESS);
    expect(await first).toBe(SyncStatus.UPDATE_INSTALLED);
    expect(channel.native.restarts).toBe(1);
    expect(statuses).toEqual([
      SyncStatus.CHECKING_FOR_UPDATE,
      SyncStatus.DOWNLOADING_PACKAGE,
      SyncStatus.INSTALLING_UPDATE,
      SyncStatus.UPDATE_INSTALLED,
    ]);
    const last: unknown = progress.mock.lastCall?.[0];
    expect(last).toMatchObject({ receivedBytes: (last as { totalBytes: number }).totalBytes });
  });
});

it('sentryContext names what runs', async () => {
  expect(sentryContext(channel.ota().getState(), 'production')).toEqual({
    channel: 'production',
    is_embedded_launch: true,
    is_on_probation: false,
    update_id: 'embedded',
    version_code: 1,
  });
});

it('the developer menu shows the state and says why', async () => {
  const items = new Map<string, () => void>();
  const told: string[] = [];
  const ota = channel.ota();
  addOtaMenuItems({ addMenuItem: (title, run) => items.set(title, run) }, ota, (_title, text) =>
    told.push(text),
  );
  items.get('OTA: show state')?.();
  await vi.waitFor(() => expect(told[0]).toContain('"idle"'));
  items.get('OTA: why this (no) update')?.();
  await vi.waitFor(() => expect(told[1]).toContain('Nothing to do.'));
  items.get('OTA: restart')?.();
  await vi.waitFor(() => expect(channel.native.restarts).toBe(1));
  expect(() => items.get('OTA: simulate a crash')?.()).toThrow('a crash for testing');
});

it('the developer menu takes the network away and gives it back, and leads back to the bundle in the app', async () => {
  await channel.publish('1.0.1', { assets: [{ bytes: new Uint8Array(1000), path: 'a.bin' }] });
  await channel.ota().update();
  channel.native.start();
  const ota = channel.ota();
  await ota.markHealthy();
  const items = new Map<string, () => void>();
  const told: string[] = [];
  addOtaMenuItems({ addMenuItem: (title, run) => items.set(title, run) }, ota, (_title, text) =>
    told.push(text),
  );
  const offline = items.get('OTA: simulate being offline (on, off)');
  offline?.();
  expect(await ota.update()).toMatchObject({ code: 'ERR_CLIENT_NETWORK', kind: 'error', retryable: true });
  offline?.();
  expect((await ota.update()).kind).toBe('up-to-date');
  items.get('OTA: simulate a rollback')?.();
  await vi.waitFor(() => expect(told.at(-1)).toContain('"ready"'));
  expect(channel.native.start().running).toBe('embedded');
});
