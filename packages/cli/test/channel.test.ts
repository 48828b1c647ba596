import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture, kivyx as run, kivyxProcess } from './run-kivyx.ts';

const home = mkdtempSync(join(tmpdir(), 'kivyx-channel-'));
afterAll(() => rmSync(home, { force: true, recursive: true }));
const kivyx = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ReturnType<typeof run> =>
  run(args, { cwd: home, env });
const json = async <T>(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<T> =>
  JSON.parse((await kivyx([...args, '--json'], env)).stdout) as T;

function folder(name: string, launch: string | Buffer, file = 'main.hbc'): string {
  const path = join(home, name);
  mkdirSync(path, { recursive: true });
  if (typeof launch === 'string') writeFileSync(join(path, file), launch);
  else writeFileSync(join(path, file), launch);
  return path;
}
const publish = (name: string, version: string, ...more: readonly string[]): string[] => [
  'publish',
  '--folder',
  join(home, name),
  '--release',
  version,
  ...more,
];

describe('a channel over its life', () => {
  const env = { KIVYX_RUNTIME_VERSION: '42' };

  beforeAll(async () => {
    folder('base', fixture('base-99.hbc'));
    folder('target', fixture('target-99.hbc'));
    folder('js', 'print("target");', 'index.android.bundle');
    await kivyx(['init', '--project', 'acme', '--app', 'cafe']);
    await kivyx(['keys', 'generate']);
    expect(await kivyx(publish('base', '1.0.0'), env)).toMatchObject({ code: 0 });
  }, 60_000);

  it('compiles against the last release of the channel, and falls back with a message', async () => {
    const args = publish(
      'js',
      '1.0.1',
      '--hermes-base',
      '--launch',
      'index.android.bundle',
      '--workers',
      '2',
    );
    const compiler = join(import.meta.dirname, 'fixtures/hermesc.mjs');
    // A process: threads make the patches.
    const { stdout } = await kivyxProcess([...args, '--hermesc', compiler, '--json'], { cwd: home, env });
    const made = JSON.parse(stdout) as { compiled: string; release: { patches: { sizeBytes: number }[] } };
    expect(made.compiled).toBe(
      'Compiled to bytecode 99 against 1.0.0, the last release, and proven to be the same program',
    );
    expect(made.release.patches[0]?.sizeBytes).toBeGreaterThan(0);
    const other = await kivyx([...args, '--dry-run', '--hermesc', compiler], { KIVYX_RUNTIME_VERSION: '43' });
    expect(other.stdout).toContain('plainly: the channel has no release for this runtime');
    expect(await kivyx([...args, '--dry-run', '--hermesc', join(home, 'none')], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ERR_PUBLISH_HERMESC'),
    });
    const already = await kivyx(publish('base', '1.0.0', '--hermes-base', '--dry-run'), env);
    expect(already.stdout).toContain('bytecode already');
  }, 60_000);

  it('refuses what is over budget, warns of other flags, reads adoption figures, keeps a source map', async () => {
    expect(await kivyx(publish('target', '1.0.2', '--bundle-budget', '100'), env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ERR_PUBLISH_BUDGET'),
    });
    writeFileSync(join(home, 'adoption.json'), '[{"releaseId":"nobody","devices":5}]');
    writeFileSync(join(home, 'main.map'), '{"version":3}');
    writeFileSync(join(home, 'embedded.hbc'), fixture('base-debug-99.hbc'));
    const { release, warnings } = await json<{
      release: { launchSha256Hex: string };
      warnings: { message: string }[];
    }>(
      publish(
        'target',
        '1.0.2',
        '--adoption',
        join(home, 'adoption.json'),
        '--embedded',
        join(home, 'embedded.hbc'),
        '--source-map',
        join(home, 'main.map'),
      ),
      env,
    );
    expect(warnings[0]?.message).toMatch(/debugInfo: true there, false here.*download \d+ bytes/);
    expect(readFileSync(join(home, `bucket/sourcemaps/${release.launchSha256Hex}`), 'utf8')).toContain(
      'version',
    );
    writeFileSync(join(home, 'adoption.json'), '{"1.0.0": 5}');
    const wrong = publish('target', '1.0.3', '--adoption', join(home, 'adoption.json'));
    expect(await kivyx(wrong, env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not JSON like'),
    });
  }, 60_000);

  it('makes patches for what is published, and says where the bytes are by base and part', async () => {
    const { stdout } = await kivyx(['patch', '--bases', '2', '--report']);
    expect(stdout).toMatch(/1\.0\.2, 3,908 B:\n {2}from 1\.0\.[01] \([0-9a-f]{12}\): .*was there/);
    expect(stdout).toMatch(/ {4}part +bytes/);
    expect(stdout).toContain('Nothing new to offer');
    expect(await kivyx(['patch', 'one-file'])).toMatchObject({ code: 2 });
  }, 60_000);

  it('guards: says which release would be paused, pauses it, and refuses counts that cannot be', async () => {
    const release = (
      await json<{ releases: { releaseId: string; version: string }[] }>(['list'])
    ).releases.find(({ version }) => version === '1.0.2');
    const counts = (failed: number): string => {
      const file = join(home, `counts-${failed}.json`);
      const control = { exposed: 20_000, failed: 190 };
      writeFileSync(file, JSON.stringify([{ control, exposed: 200, failed, releaseId: release?.releaseId }]));
      return file;
    };
    // Far below another rate, and still far above the release before.
    const rate = ['--crash-rate', '40', '--dry-run'];
    expect((await kivyx(['guard', counts(60), ...rate])).stdout).toContain('would be paused');
    expect((await kivyx(['guard', counts(60), ...rate, '--crash-rate-only'])).stdout).toContain('goes on');
    expect((await kivyx(['guard', counts(2)])).stdout).toContain('1.0.2: goes on');
    expect((await kivyx(['guard', counts(60), '--dry-run'])).stdout).toContain('1.0.2: would be paused');
    expect(await json(['guard', counts(60)])).toMatchObject([{ paused: true, version: '1.0.2' }]);
    expect((await kivyx(['guard', counts(60)])).stdout).toContain('1.0.2: is not offered any more');
    expect(await kivyx(['guard', counts(201)])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ERR_GUARDRAIL_COUNTS'),
    });
    writeFileSync(join(home, 'counts.json'), '{"releaseId": 1}');
    expect(await kivyx(['guard', join(home, 'counts.json')])).toMatchObject({ code: 2 });
    expect(await kivyx(['resume', '1.0.2'])).toMatchObject({ code: 0 });
  }, 60_000);

  it('shows who changed what, retires, and collects in two steps', async () => {
    expect((await kivyx(['log'])).stdout).toMatch(/0-3 .* 1\.0\.2 published to 100 %\n[^]*No problems\./);
    expect((await kivyx(['retire', '--keep', '1', '--dry-run'])).stdout).toContain('These would go: 2');
    expect((await kivyx(['retire'], { KIVYX_RETIRE_KEEP: '1' })).stdout).toContain(
      '2 releases are out of the index',
    );
    const dry = await kivyx(['gc', '--keep-indexes', '1', '--keep-days', '0']);
    expect(dry.stdout).toContain('Nothing was changed.');
    // Indexes that name the retired ones have not expired.
    expect(await json(['gc', '--yes', '--keep-indexes', '1', '--keep-days', '0'])).toMatchObject({
      deleted: [],
      dryRun: false,
    });
    expect(await kivyx(['gc', '--grace-hours', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('at least 7200'),
    });
    rmSync(join(home, 'bucket/channels/cafe/android/production/log/0000000000-0000000002.cose'));
    expect(await kivyx(['log'])).toMatchObject({ code: 3, stdout: expect.stringContaining('2 is missing') });
  }, 60_000);

  it('exports keys in each form, and signs the channel anew with another', async () => {
    const { jwk, pem, rawHex } = await json<{ jwk: { crv: string }; pem: string; rawHex: string }>([
      'keys',
      'export',
    ]);
    expect(jwk.crv).toBe('P-256');
    expect(rawHex).toMatch(/^04[0-9a-f]{128}$/);
    expect(pem.trim()).toBe(readFileSync(join(home, 'keys/release.pub.pem'), 'utf8').trim());
    const hex = await kivyx(['keys', 'export', '--key', 'keys/release.pem', '--format', 'hex']);
    expect(hex.stdout.trim()).toBe(rawHex);
    expect(hex.stdout).not.toContain('PRIVATE');

    await kivyx(['keys', 'generate', '--name', 'next']);
    copyFileSync(join(home, 'keys/next.pub.pem'), join(home, 'trust.pem'));
    const next = { KIVYX_PRIVATE_KEY_FILE: 'keys/next.pem', KIVYX_TRUST: 'trust.pem' };
    expect(await kivyx(['keys', 'rotate'], next)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('give --from'),
    });
    expect(await kivyx(['keys', 'rotate', '--from', 'keys/release.pem'], next)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a private key'),
    });
    expect((await kivyx(['keys', 'rotate', '--from', 'keys/release.pub.pem'], next)).stdout).toContain(
      'Next: kivyx verify',
    );
    expect(await kivyx(['refresh'], next)).toMatchObject({ code: 0 });
    expect((await kivyx(['log', '--from', 'keys/release.pub.pem'], next)).stdout).toContain('signed anew');
    expect(await kivyx(['keys', 'rotate', '--last-good', 'x', '--from', 'trust.pem'], next)).toMatchObject({
      code: 2,
    });
  }, 60_000);

  it('a switch in the environment is off when it says so', async () => {
    expect((await kivyx(['list'], { KIVYX_JSON: '1', KIVYX_TRUST: 'trust.pem' })).stdout).toContain(
      '"releases"',
    );
    expect((await kivyx(['list'], { KIVYX_JSON: 'false', KIVYX_TRUST: 'trust.pem' })).stdout).toContain(
      'rollout',
    );
  });
});

describe('completion', () => {
  const script = async (shell: string): Promise<string> => {
    const path = join(home, `completion.${shell}`);
    writeFileSync(path, (await kivyx(['completion', shell])).stdout);
    return path;
  };

  it('completes commands, subcommands and flags in bash', async () => {
    const path = await script('bash');
    const complete = (...words: readonly string[]): string[] =>
      execFileSync('bash', [
        '-c',
        `source ${path}; COMP_WORDS=(kivyx ${words.map((word) => `"${word}"`).join(' ')}); COMP_CWORD=${words.length}; _kivyx; echo "\${COMPREPLY[@]}"`,
      ])
        .toString()
        .trim()
        .split(' ');
    expect(complete('pu')).toEqual(['publish']);
    expect(complete('keys', 'ro')).toEqual(['rotate']);
    expect(complete('keys', 'rotate', '--l')).toEqual(['--last-good']);
    expect(complete('publish', '--release', '1', '--hermes-')).toEqual(['--hermes-base']);
  });

  it.each(['zsh', 'fish'])('%s reads its script', async (shell) => {
    const path = await script(shell);
    expect(statSync(path).size).toBeGreaterThan(1000);
    const { error, status, stderr } = spawnSync(shell, ['-n', path], { encoding: 'utf8' });
    if (error !== undefined) {
      if (process.env['CI'] !== undefined) throw new Error(`CI must have ${shell}`);
      console.warn(`skipped: ${shell} is not installed here`);
      return;
    }
    expect(stderr).toBe('');
    expect(status).toBe(0);
    if (shell !== 'fish') return;
    const offered = execFileSync(shell, ['-c', `source ${path}; complete -C 'kivyx keys ro'`], {
      encoding: 'utf8',
    });
    expect(offered).toMatch(/^rotate\tSign the channel/);
  });
});
