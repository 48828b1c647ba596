import { generateKeyPairSync } from 'node:crypto';
import { emptyBootRecord, encodeBootRecord } from '@kivyx-ota/lifecycle';
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
import { commandLineDocument } from '../src/command-line-document.ts';
import { fixture, kivyx as run, kivyxProcess } from './run-kivyx.ts';

const home = mkdtempSync(join(tmpdir(), 'kivyx-cli-'));
afterAll(() => rmSync(home, { force: true, recursive: true }));

const kivyx = (
  args: readonly string[],
  { cwd = home, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): ReturnType<typeof run> => run(args, { cwd, env });

function release(name: string, bundle: string): string {
  const folder = join(home, 'build', name);
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'main.hbc'), fixture(bundle));
  writeFileSync(join(folder, 'assets/cup.png'), Buffer.from('89504e470d0a1a0a', 'hex'));
  return folder;
}

describe('from an empty folder to a revoked release', () => {
  beforeAll(async () => {
    expect((await kivyx(['init', '--project', 'acme', '--app', 'cafe'])).stdout).toContain(
      'kivyx keys generate',
    );
    expect((await kivyx(['keys', 'generate'])).stdout).toContain('keys/release.pub.pem');
  }, 60_000);

  it('keeps the private key to its owner, shows the public one, and never overwrites', async () => {
    expect(statSync(join(home, 'keys/release.pem')).mode & 0o077).toBe(0);
    const shown = JSON.parse((await kivyx(['keys', 'show', 'keys/release.pub.pem', '--json'])).stdout) as {
      rawHex: string;
    };
    expect(shown.rawHex).toMatch(/^04[0-9a-f]{128}$/);
    const again = await kivyx(['keys', 'generate']);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('not overwritten') });
  });

  it('says what comes next when nothing is published', async () => {
    expect(await kivyx(['list'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('kivyx publish'),
    });
  });

  it('publishes, ramps, explains, revokes and verifies', async () => {
    const first = await kivyx([
      'publish',
      '--folder',
      release('1', 'base-99.hbc'),
      '--release',
      '1.0.0',
      '--runtime-version',
      '42',
    ]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const args = [
      'publish',
      '--folder',
      release('2', 'target-99.hbc'),
      '--release',
      '1.0.1',
      '--runtime-version',
      '42',
      '--rollout',
      '10',
    ];
    const plan = await kivyx([...args, '--dry-run']);
    expect(plan.stdout).toContain('Nothing was changed');
    expect(JSON.parse((await kivyx(['list', '--json'])).stdout)).toMatchObject({
      releases: [{ version: '1.0.0' }],
    });

    const second = JSON.parse((await kivyx([...args, '--json'])).stdout) as {
      release: { patches: { format: string; sizeBytes: number }[] };
    };
    expect(second.release.patches[0]).toMatchObject({ format: 'kvh1' });
    expect((await kivyx(['rollout', '1.0.1', '100%'])).stdout).toContain('1.0.1 goes to 100 %');
    const why = await kivyx(['explain', '--device', 'phone-1', '--runtime-version', '42', '--current', '1']);
    expect(why.stdout).toContain('1.0.1');
    expect(
      (await kivyx(['explain', '--device', 'phone-1', '--runtime-version', '41', '--json'])).stdout,
    ).toContain('"none"');

    expect((await kivyx(['pause', 'latest'])).stdout).toContain('is paused');
    // Published again it is no news, and a pause is not taken off by the way.
    expect(await kivyx(args)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/is paused: no device gets it [^]*Next: kivyx resume 1\.0\.1/),
    });
    expect((await kivyx(['resume', 'latest'])).code).toBe(0);
    expect((await kivyx(['promote', '1.0.1', '--to', 'beta'])).code).toBe(0);
    expect((await kivyx(['list', '--channel', 'beta'])).stdout).toContain('1.0.1');
    expect((await kivyx(['revoke', '1.0.1', '--to', '1.0.0'])).stdout).toContain('is revoked');
    expect((await kivyx(['revoke', 'latest', '--to', '1.0.0'])).stdout).toContain(
      'was revoked before; nothing',
    );
    expect(await kivyx(args)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/is revoked: no device gets it [^]*with another --release/),
    });
    expect((await kivyx(['refresh'])).code).toBe(0);
    expect(await kivyx(['verify'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No problems.'),
    });
    expect(await kivyx(['doctor'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('ok   conditional writes'),
    });
  }, 180_000);

  it('shows any file as JSON', async () => {
    const index = join(home, 'bucket/channels/cafe/android/production/index.cose');
    expect(JSON.parse((await kivyx(['inspect', index])).stdout)).toMatchObject({ unverified: true });
    expect(JSON.parse((await kivyx(['inspect', 'build/1/main.hbc'])).stdout)).toMatchObject({
      type: 'hermes-bytecode',
      version: 99,
    });
    const [object = ''] = readdirSync(join(home, 'bucket/objects')).filter((name) =>
      /^[0-9a-f]{64}$/.test(name),
    );
    const shown = JSON.parse(
      (await kivyx(['inspect', join(home, 'bucket/objects', object)])).stdout,
    ) as unknown;
    expect([{ type: 'object' }, { type: 'hermes-bytecode' }]).toContainEqual({
      type: (shown as { type: string }).type,
    });
    writeFileSync(join(home, 'boot.0'), encodeBootRecord(emptyBootRecord('binary-1', 7)));
    expect(JSON.parse((await kivyx(['inspect', 'boot.0'])).stdout)).toMatchObject({
      binaryId: 'binary-1',
      type: 'lifecycle-record',
    });
    expect(await kivyx(['inspect', 'kivyx.config.json'])).toMatchObject({ code: 2 });
  }, 120_000);

  it('finds a changed byte, with exit code 3', async () => {
    const objects = join(home, 'bucket/objects');
    const victim = join(
      objects,
      readdirSync(objects).find((name) => statSync(join(objects, name)).size > 3000) ?? '',
    );
    const whole = readFileSync(victim);
    const damaged = Buffer.from(whole);
    damaged[100] = (damaged[100] as number) ^ 1;
    writeFileSync(victim, damaged);
    const { code, stdout } = await kivyx(['verify', '--json']);
    writeFileSync(victim, whole);
    expect(code).toBe(3);
    expect((JSON.parse(stdout) as { problems: unknown[] }).problems.length).toBeGreaterThan(0);
  });

  it('makes a patch, applies it, and says where the bytes are', async () => {
    const { stdout } = await kivyx([
      'patch',
      'build/1/main.hbc',
      'build/2/main.hbc',
      '--report',
      '--out',
      'p.kvp',
    ]);
    expect(stdout).toMatch(/\(kvh1\).*applied and compared/);
    expect(stdout).toContain('registers');
    expect(JSON.parse((await kivyx(['inspect', 'p.kvp'])).stdout)).toMatchObject({
      format: 'kvh1',
      type: 'patch',
    });
  });
});

describe('configuration', () => {
  it('needs no file where the environment says everything', async () => {
    const cwd = mkdtempSync(join(home, 'ci-'));
    const env = {
      KIVYX_APP: 'cafe',
      KIVYX_PLATFORM: 'android',
      KIVYX_PRIVATE_KEY: readFileSync(join(home, 'keys/release.pem'), 'utf8'),
      KIVYX_PROJECT: 'acme',
      KIVYX_STORAGE: join(home, 'bucket'),
    };
    const run = await kivyx(['list', '--json'], { cwd, env });
    expect(run.code).toBe(0);
    expect(run.stdout + run.stderr).not.toContain('PRIVATE KEY');
  });

  it('reads TypeScript', async () => {
    const cwd = mkdtempSync(join(home, 'ts-'));
    writeFileSync(
      join(cwd, 'kivyx.config.ts'),
      `const project: string = 'acme';\nexport default { project, app: 'cafe', platform: 'android', storage: ${JSON.stringify(join(home, 'bucket'))} };\n`,
    );
    const env = { KIVYX_PRIVATE_KEY_FILE: join(home, 'keys/release.pem') };
    expect(await kivyx(['list'], { cwd, env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1.0.1'),
    });
  });

  it.each([
    [['publish', '--folder', 'build/1', '--release', '1'], 2, /--runtime-version/],
    [['publish', '--folder', 'x', '--release', '1', '--runtime-version', '42'], 2, /No folder x/],
    [['rollout', '1.0.0', '101'], 2, /0 to 100/],
    [['rollout', '9.9.9', '10'], 2, /There are: /],
    [['list', '--platform', 'windows'], 2, /ios or android/],
    [['no-such-command'], 2, /unknown command/],
    [['publish'], 2, /required option/],
  ])('%j ends with %i and helps', async (args, code, words) => {
    const run = await kivyx(args);
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(words);
    expect(existsSync(join(home, 'undefined'))).toBe(false);
  });

  it.each([
    ['storage: {}', /"storage" has no get\(\)/],
    [
      'signers: { release: Promise.resolve(), index: Promise.resolve() }',
      /"signers\.index" has no publicKey\(\).*awaited/,
    ],
    ['signers: {}', /"signers\.index" has no/],
  ])('a configuration whose %s is no adapter is refused', async (member, words) => {
    const cwd = mkdtempSync(join(home, 'adapter-'));
    writeFileSync(
      join(cwd, 'kivyx.config.mjs'),
      `export default { project: 'acme', app: 'cafe', platform: 'android', ${member} };\n`,
    );
    expect(await kivyx(['list'], { cwd })).toMatchObject({ code: 2, stderr: expect.stringMatching(words) });
  });

  it.each([
    [
      ['publish', '--folder', 'kivyx.config.json', '--release', '1', '--runtime-version', '42'],
      2,
      /is a file/,
    ],
    [
      ['root', 'sign', 'kivyx.config.json', '--key', 'keys/release.pem', '--out', 'x.part'],
      2,
      /no trust root: it has no "keys"/,
    ],
    [['root', 'check', 'keys/release.pub.pem'], 1, /^ERR_CBOR_\w+: keys\/release\.pub\.pem: /],
    [['root', 'check', 'keys/release.pub.pem', '--from', 'kivyx.config.json'], 2, /neither public keys/],
    [['keys', 'show', 'kivyx.config.json'], 1, /^ERR_KEY_FORMAT: kivyx\.config\.json: [^]*Next: .*PKCS#8/],
    [['keys', 'generate', '--out', 'kivyx.config.json/keys'], 1, /a folder was expected, and this is a file/],
  ])('%j says which file is another one than expected', async (args, code, words) => {
    const run = await kivyx(args);
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(words);
    expect(existsSync(join(home, 'x.part'))).toBe(false);
  });

  it('says which key it could not read, from a file and from the environment', async () => {
    const cwd = mkdtempSync(join(home, 'keys-'));
    mkdirSync(join(cwd, 'keys'));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const sec1 = privateKey.export({ format: 'pem', type: 'sec1' }) as string;
    writeFileSync(join(cwd, 'keys/release.pem'), sec1);
    writeFileSync(
      join(cwd, 'kivyx.config.json'),
      JSON.stringify({ app: 'cafe', platform: 'android', project: 'acme' }),
    );
    const env = { KIVYX_STORAGE: join(home, 'bucket') };
    const refused = (stderr: RegExp) => ({ code: 1, stderr: expect.stringMatching(stderr) });
    const [list, wrong] = [
      ['list'],
      /ERR_KEY_FORMAT: .*keys\/release\.pem: .*"EC PRIVATE KEY"\nNext: .*pkcs8/,
    ];
    expect(await kivyx(list, { cwd, env })).toMatchObject(refused(wrong));
    expect(await kivyx(list, { cwd, env: { ...env, KIVYX_PRIVATE_KEY: 'x' } })).toMatchObject(
      refused(/ERR_KEY_FORMAT: KIVYX_PRIVATE_KEY: /),
    );
    const index = {
      ...env,
      KIVYX_INDEX_KEY_FILE: 'no.pem',
      KIVYX_PRIVATE_KEY_FILE: join(home, 'keys/release.pem'),
    };
    expect(await kivyx(list, { cwd, env: index })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/No file .*no\.pem \(KIVYX_INDEX_KEY_FILE\)/),
    });
  });

  it.runIf(process.platform !== 'win32')(
    'leaves no half key where there is no room for it',
    async () => {
      const cwd = mkdtempSync(join(home, 'full-'));
      const run = await kivyxProcess(['keys', 'generate'], { cwd, fileBlocks: 0 });
      expect(run).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^keys\/release\.pem: there is no room/),
      });
      expect(readdirSync(join(cwd, 'keys'))).toEqual([]);
      expect(await kivyx(['keys', 'generate'], { cwd })).toMatchObject({ code: 0 });
    },
    60_000,
  );

  it('gives errors as JSON, too', async () => {
    const { stdout } = await kivyx(['rollout', '9.9.9', '10', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ERR_CLI_USAGE' } });
  });
});

it('docs/cli.md is what the commands say of themselves', () => {
  const plain = (text: string): string => text.replaceAll(/\s+/g, ' ');
  expect(plain(readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8'))).toBe(
    plain(commandLineDocument()),
  );
});
