// One command for Android and iOS: what bundle noted, what the configuration names, what is left after a failure.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture, kivyx as run, type Run } from './run-kivyx.ts';

const home = mkdtempSync(join(tmpdir(), 'kivyx-both-'));
afterAll(() => rmSync(home, { force: true, recursive: true }));
const kivyx = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> =>
  run(args, { cwd: home, env });
const write = (path: string, content: string | Uint8Array): void => {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), content);
};
const ASSETS = [{ httpServerLocation: '/assets/img', name: 'cup', scales: [1], type: 'png' }];
const LAUNCH = { android: 'index.android.bundle', ios: 'main.jsbundle' } as const;
const CUP = { android: 'drawable-mdpi/img_cup.png', ios: 'assets/img/cup.png' } as const;

/** As `kivyx bundle` leaves it. */
function bundled(platform: 'android' | 'ios', bundle: string): void {
  rmSync(join(home, 'build', platform), { force: true, recursive: true });
  write(`build/${platform}/${LAUNCH[platform]}`, fixture(bundle));
  write(`build/${platform}/${CUP[platform]}`, 'cup');
  write(`build/${platform}.map`, '{"version":3}');
  write(`build/${platform}.embedded`, fixture('base-99.hbc'));
  write(
    `build/${platform}.json`,
    JSON.stringify({
      assets: ASSETS,
      embedded: `${platform}.embedded`,
      kivyx: 'bundle',
      launchFile: LAUNCH[platform],
      platform,
      runtimeVersion: platform === 'ios' ? '1.4.0(8)' : '1.4.0(57)',
      sourceMap: `${platform}.map`,
    }),
  );
}
const both = ['publish', '--android', 'build/android', '--ios', 'build/ios'] as const;
const bucket = (): string[] => readdirSync(join(home, 'bucket'), { recursive: true }).map(String).sort();

beforeAll(async () => {
  await kivyx(['init', '--project', 'acme', '--app', 'cafe']);
  await kivyx(['keys', 'generate']);
  write('node_modules/react-native/package.json', '{"name":"react-native","version":"0.88.1"}');
  bundled('android', 'target-99.hbc');
  bundled('ios', 'target-99.hbc');
});

describe('one publish for both platforms', () => {
  it('dry-run says what would happen to each, and writes nothing', async () => {
    const dry = await kivyx([...both, '--release', '1.0.1', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(/^android:\n {2}Would publish 1\.0\.1-[^]*^ios:\n {2}Would publish 1\.0\.1-/m);
    expect(() => bucket()).toThrow('ENOENT');
  });

  it('publishes with what bundle noted: launch file, runtime, base, assets; the map on request only', async () => {
    const { platforms } = JSON.parse(
      (await kivyx([...both, '--release', '1.0.1', '--rollout', '10', '--json'])).stdout,
    ) as {
      platforms: Record<string, { changed: boolean; release: { patches: object[]; runtimeVersion: string } }>;
    };
    expect(platforms).toMatchObject({
      android: { changed: true, release: { patches: [{ format: 'kvh1' }], runtimeVersion: '1.4.0(57)' } },
      ios: { changed: true, release: { patches: [{ format: 'kvh1' }], runtimeVersion: '1.4.0(8)' } },
    });
    expect(bucket().filter((name) => name.startsWith('sourcemaps/'))).toEqual([]);
    for (const platform of ['android', 'ios'])
      expect(await kivyx(['verify', '--platform', platform])).toMatchObject({ code: 0 });
    const again = await kivyx([...both, '--release', '1.0.1', '--rollout', '10', '--keep-source-map']);
    expect(again.stdout).toMatch(/was published before[^]*was published before/);
    expect(again.stdout).toContain('Next: kivyx rollout 1.0.1 100 --platform android');
    expect(bucket().filter((name) => name.startsWith('sourcemaps/')).length).toBe(1);
  });

  it('does nothing when one of them is refused, and says where React Native would look', async () => {
    bundled('android', 'base-debug-99.hbc');
    bundled('ios', 'base-debug-99.hbc');
    rmSync(join(home, 'build/ios', CUP.ios));
    const before = bucket();
    expect(await kivyx([...both, '--release', '1.0.2'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ERR_PUBLISH_ASSET_LAYOUT.*ios[^]*assets\/img\/cup\.png: is missing/),
    });
    expect(bucket()).toEqual(before);
  });

  it('says which one is missing when the storage fails in between, and does the rest when run again', async () => {
    bundled('android', 'base-debug-99.hbc');
    bundled('ios', 'base-debug-99.hbc');
    write(
      'broken.mjs',
      `import { fsStorage } from ${JSON.stringify(import.meta.resolve('@kivyx-ota/storage-fs'))};
const storage = fsStorage({ directory: ${JSON.stringify(join(home, 'bucket'))} });
export default { app: 'cafe', platform: 'android', project: 'acme', storage: { ...storage, put: async (key, body, options) => {
  if (key === 'channels/cafe/ios/production/index.cose') throw new Error('the storage is away');
  return storage.put(key, body, options);
} } };`,
    );
    const half = await kivyx([...both, '--release', '1.0.2'], { KIVYX_CONFIG: 'broken.mjs' });
    expect(half).toMatchObject({ code: 1, stderr: '' });
    expect(half.stdout).toMatch(
      /1\.0\.2 is published[^]*Not published: the storage is away[^]*Only a part is published: ios is missing/,
    );
    const rest = await kivyx([...both, '--release', '1.0.2']);
    expect(rest.stdout).toMatch(/android:[^]*was published before[^]*ios:[^]*is published to 100 %/);
  });

  it('reads the builds from the configuration, for one platform or both', async () => {
    write(
      'both.json',
      JSON.stringify({
        app: 'cafe',
        platforms: {
          android: { folder: 'build/android' },
          ios: { folder: 'build/ios', runtimeVersion: '9' },
        },
        project: 'acme',
      }),
    );
    const env = { KIVYX_CONFIG: 'both.json' };
    const plan = JSON.parse(
      (await kivyx(['publish', '--release', '1.0.3', '--dry-run', '--json'], env)).stdout,
    ) as {
      platforms: object;
    };
    expect(Object.keys(plan.platforms)).toEqual(['android', 'ios']);
    const one = await kivyx(
      ['publish', '--release', '1.0.3', '--platform', 'ios', '--json', '--dry-run'],
      env,
    );
    expect(JSON.parse(one.stdout)).toMatchObject({ nextSequence: 3 });
    // A folder alone does not say which of them it is.
    const folder = await kivyx(['publish', '--folder', 'build/ios', '--release', '1.0.3'], env);
    expect(folder).toMatchObject({ code: 2, stderr: expect.stringContaining('No platform') });
  });

  it.each([
    [['--folder', 'build/android', '--ios', 'build/ios'], /for both give --android and --ios/],
    [['--embedded', 'x'], /--embedded is of one platform/],
    [['--source-map', 'x'], /--source-map is of one platform/],
    [['--ios', 'build/android'], /was bundled for android, not ios/],
  ])('%j does not fit', async (more, words) => {
    const args = more.includes('--ios') ? ['publish', ...more] : [...both, ...more];
    expect(await kivyx([...args, '--release', '1.0.4'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(words),
    });
  });
});

describe('assets of one platform', () => {
  const publish = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> =>
    kivyx(
      ['publish', '--folder', 'plain', '--release', '2.0.0', '--runtime-version', '1', '--dry-run', ...args],
      env,
    );

  it.each([
    [
      'a collision of ids',
      { 'drawable-mdpi/cup.jpg': 'b', 'drawable-mdpi/cup.png': 'a' },
      /resource id of drawable-mdpi\/cup/,
    ],
    [
      'an extension that is no drawable',
      { 'drawable-mdpi/cup.heic': 'a' },
      /no drawable for React Native 0\.81\.0/,
    ],
    ['an odd scale', { 'drawable-200dpi/cup.png': 'a' }, /an odd scale/],
    ['the folder of the other platform', { 'assets/cup.png': 'a' }, /where iOS looks/],
  ])('%s is refused by the version of the app, a flag or a variable', async (_name, files, words) => {
    rmSync(join(home, 'plain'), { force: true, recursive: true });
    write('plain/main.hbc', fixture('target-99.hbc'));
    for (const [path, content] of Object.entries(files)) write(`plain/${path}`, content);
    const refused = { code: 1, stderr: expect.stringMatching(words) };
    expect(await publish(['--react-native', '0.81.0'])).toMatchObject(refused);
    expect(await publish([], { KIVYX_REACT_NATIVE: '0.81.0' })).toMatchObject(refused);
  });

  it('a version that is none, and an app without React Native, are said', async () => {
    write('plain/main.hbc', fixture('target-99.hbc'));
    expect(await publish(['--react-native', 'latest'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('0.88.1'),
    });
    mkdirSync(join(tmpdir(), 'kivyx-no-app'), { recursive: true });
    chmodSync(join(tmpdir(), 'kivyx-no-app'), 0o755);
    const unknown = await publish(['--app-folder', join(tmpdir(), 'kivyx-no-app')]);
    expect(unknown.stdout).toContain('was not checked');
    expect(readFileSync(join(home, 'kivyx.config.json'), 'utf8')).toContain('acme');
  });

  it('two sources of one resource id are found in the JavaScript that --hermes-base compiles', async () => {
    rmSync(join(home, 'plain'), { force: true, recursive: true });
    const asset = (location: string, name: string): string =>
      `registerAsset({"httpServerLocation": "${location}", "name": "${name}", "scales": [1], "type": "png"});\n`;
    write('plain/main.hbc', asset('/assets/a', 'b_c') + asset('/assets/a_b', 'c'));
    write('plain/drawable-mdpi/a_b_c.png', 'one of them');
    const compiler = join(import.meta.dirname, 'fixtures/hermesc.mjs');
    expect(await publish(['--hermes-base', '--hermesc', compiler])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /is made from .*b_c\.png and from .*c\.png, and only one of them is left/,
      ),
    });
  });
});
