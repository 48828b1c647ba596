// What somebody runs into who has never used it: each line was found by using it from an empty folder.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine, fixture, kivyx as run, kivyxProcess, type Run } from './run-kivyx.ts';

const home = mkdtempSync(join(tmpdir(), 'kivyx-newcomer-'));
afterAll(() => rmSync(home, { force: true, recursive: true }));
const kivyx = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> =>
  run(args, { cwd: home, env });

describe('in an empty folder', () => {
  it('says its version, and starts as a process', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
      version: string;
    };
    expect(await kivyxProcess(['--version'], { cwd: home })).toEqual({
      code: 0,
      stderr: '',
      stdout: `${version}\n`,
    });
  });

  it('has nothing to complain of when nobody reads it to the end', () => {
    const args = ['-c', '"$@" | true', 'sh', ...commandLine, '--help'];
    expect(spawnSync('sh', args, { cwd: home, encoding: 'utf8' }).stderr).toBe('');
  });

  it.each([
    [['init', '--project', 'a b', '--app', 'cafe'], /project.*letters, digits/],
    [['init', '--project', 'acme', '--app', '../cafe'], /app.*letters, digits/],
    [['init', '--project', 'acme', '--app', 'cafe', '--platform', 'windows'], /android, ios/],
    [['init'], /--project <name>[^]*kivyx init --help/],
    [['keys', 'rotate', '--what'], /kivyx keys rotate --help/],
  ])('%j is refused, and the help to read is named', async (args, words) => {
    expect(await kivyx(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(words) });
    expect(existsSync(join(home, 'kivyx.config.json'))).toBe(false);
  });

  it('gives a wrong command line as JSON, too', async () => {
    const { code, stderr, stdout } = await kivyx(['init', '--json']);
    expect([code, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'ERR_CLI_USAGE', message: expect.stringContaining('--project') },
    });
  });
});

describe('with keys, and nothing published', () => {
  beforeAll(async () => {
    await kivyx(['init', '--project', 'acme', '--app', 'cafe']);
    await kivyx(['keys', 'generate']);
  });

  it.each(['verify', 'refresh', 'list'])(
    '%s of a channel that is not there is not green',
    async (command) => {
      expect(await kivyx([command, '--channel', 'prodution'])).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/Nothing is published to cafe android prodution yet/),
      });
      expect(existsSync(join(home, 'bucket/channels'))).toBe(false);
    },
  );

  it.each([
    [['inspect', 'nofile'], /No file nofile/],
    [['guard', 'nofile'], /No file nofile/],
    [['compile', '--js', 'nofile', '--out', 'x'], /No file nofile/],
    [['compile', '--js', 'kivyx.config.json', '--out', 'x', '--base', 'nofile'], /No file nofile/],
    [['serve', '--port', 'abc'], /--port/],
    [['serve', '--port', '99999'], /--port/],
    [['explain', '--device', 'x', '--current', 'abc'], /--current is a whole number/],
    [['list', '--channel', 'be ta'], /channel.*letters, digits/],
  ])('%j says what is wrong', async (args, words) => {
    expect(await kivyx(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(words) });
  });
});

it.each<[unknown, RegExp]>([
  ['null', /must give an object/],
  ['[]', /must give an object/],
  ['{"storag":"x"}', /no "storag"; there are app, /],
  ['{"storage":5}', /"storage" is text or object/],
  ['{"patchBaseCount":"3"}', /"patchBaseCount" is a whole number/],
  ['{', /cannot be read/],
])('a configuration that says %s is refused, and help is not', async (content, words) => {
  writeFileSync(join(home, 'wrong.json'), String(content));
  const env = { KIVYX_CONFIG: 'wrong.json' };
  expect(await kivyx(['list'], env)).toMatchObject({ code: 2, stderr: expect.stringMatching(words) });
  expect(await kivyx(['list', '--help'], env)).toMatchObject({ code: 0, stderr: '' });
});

describe('with a release', () => {
  const publish = ['publish', '--runtime-version', '42', '--folder'] as const;

  beforeAll(async () => {
    for (const [folder, file, bytes] of [
      ['one', 'main.hbc', fixture('base-99.hbc')],
      ['js', 'main.js', Buffer.from('print(1)')],
    ] as const) {
      mkdirSync(join(home, folder), { recursive: true });
      writeFileSync(join(home, folder, file), bytes);
    }
    expect(await kivyx([...publish, 'one', '--release', '1.0.0'])).toMatchObject({ code: 0 });
  });

  it.each([
    [
      [...publish, 'js', '--release', '1.0.1', '--launch', 'main.js'],
      /Next: kivyx compile .*--hermes-base.*--allow-plain-js/,
    ],
    [[...publish, 'one', '--release', '1.0.1', '--bundle-budget', '10'], /Next: .*--bundle-budget/],
    [[...publish, 'one', '--release', '1.0.1', '--hbc-version', '98'], /Next: kivyx bundle.*--hbc-version/],
  ])('%j names the next command', async (args, words) => {
    expect(await kivyx(args)).toMatchObject({ code: 1, stderr: expect.stringMatching(words) });
  });

  it("somebody else's key is told from one's own", async () => {
    await kivyx(['keys', 'generate', '--name', 'other']);
    expect(await kivyx(['list'], { KIVYX_TRUST: 'keys/other.pub.pem' })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ERR_COSE_KEY_UNKNOWN[^]*Next: .*KIVYX_TRUST.*kivyx keys rotate/),
    });
  });

  it('who only looks needs no private key', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'kivyx-auditor-'));
    mkdirSync(join(cwd, 'keys'));
    writeFileSync(join(cwd, 'keys/release.pub.pem'), readFileSync(join(home, 'keys/release.pub.pem')));
    const env = {
      KIVYX_APP: 'cafe',
      KIVYX_PLATFORM: 'android',
      KIVYX_PROJECT: 'acme',
      KIVYX_STORAGE: join(home, 'bucket'),
    };
    for (const command of [['list'], ['verify'], ['log'], ['gc'], ['explain', '--device', 'x']])
      expect(await run(command, { cwd, env })).toMatchObject({ code: 0, stderr: '' });
    expect(await run(['pause', 'latest'], { cwd, env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('No private key'),
    });
    rmSync(cwd, { force: true, recursive: true });
  });

  it('what only looks, and every --dry-run, writes nothing', async () => {
    const files = (): string[] =>
      readdirSync(home, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => `${path} ${statSync(path).mtimeMs} ${statSync(path).ino}`)
        .sort();
    mkdirSync(join(home, 'two'), { recursive: true });
    writeFileSync(join(home, 'two/main.hbc'), fixture('target-99.hbc'));
    const { releases } = JSON.parse((await kivyx(['list', '--json'])).stdout) as {
      releases: { releaseId: string }[];
    };
    writeFileSync(
      join(home, 'counts.json'),
      JSON.stringify([{ exposed: 200, failed: 100, releaseId: releases[0]?.releaseId }]),
    );
    const before = files();
    for (const args of [
      [...publish, 'two', '--release', '1.0.1', '--dry-run'],
      ['guard', 'counts.json', '--dry-run'],
      ['retire', '--keep', '1', '--dry-run'],
      ['gc'],
      ['list'],
      ['log'],
      ['verify'],
      ['explain', '--device', 'x'],
      ['inspect', 'one/main.hbc'],
      ['patch', 'one/main.hbc', 'two/main.hbc', '--report'],
      ['keys', 'export'],
      ['keys', 'show', 'keys/release.pub.pem'],
      ['completion', 'bash'],
    ])
      expect([args, (await kivyx(args)).code]).toEqual([args, 0]);
    expect(files()).toEqual(before);
    // Where there is no bucket yet, there is none afterwards.
    const fresh = { KIVYX_STORAGE: 'nowhere' };
    expect(await kivyx([...publish, 'two', '--release', '1.0.1', '--dry-run'], fresh)).toMatchObject({
      code: 0,
    });
    expect(existsSync(join(home, 'nowhere'))).toBe(false);
  });

  it('promoting into the same channel, and collecting where there is nothing, lead nowhere', async () => {
    expect(await kivyx(['promote', 'latest', '--to', 'production'])).toMatchObject({ code: 2 });
    expect((await kivyx(['gc'])).stdout).not.toContain('Next:');
  });
});
