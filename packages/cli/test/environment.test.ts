// Every flag of every command, by its variable alone. In this process: no command runs, they only read their flags.
import type { Command, Option } from 'commander';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config.ts';
import { setFlagsFromConfig } from '../src/flags-from-config.ts';
import { createProgram } from '../src/program.ts';

afterEach(() => vi.unstubAllEnvs());

/** The commands that do something, with the words that lead to them. */
function leaves(
  command: Command,
  path: readonly string[] = [],
): { command: Command; path: readonly string[] }[] {
  const children = command.commands.filter((child) => child.name() !== 'help');
  return children.length === 0
    ? [{ command, path }]
    : children.flatMap((child) => leaves(child, [...path, child.name()]));
}
const named = (paths: readonly { readonly path: readonly string[] }[]) =>
  paths.map(({ path }) => [path.join(' '), path] as const);
const find = (program: Command, path: readonly string[]): Command =>
  path.reduce((at, name) => at.commands.find((child) => child.name() === name) as Command, program);

const SCOPE = ['config', 'project', 'app', 'platform', 'channel', 'storage', 'server'];
const valueFor = ({ argChoices }: Option): string => argChoices?.at(-1) ?? '7';
/** `--dry-run`, `--no-reset-cache`. */
const isSwitch = (option: Option): boolean => option.isBoolean() || option.negate;

describe('every flag has a variable', () => {
  it.each(named(leaves(createProgram())))('%s', async (name, words) => {
    const program = createProgram();
    const command = find(program, words);
    for (const option of command.options) {
      if (SCOPE.includes(option.name()) && !['bundle', 'init'].includes(command.name())) continue;
      expect(option.envVar, `${name} ${option.flags}`).toMatch(/^KIVYX_[A-Z_]+$/);
      vi.stubEnv(option.envVar as string, isSwitch(option) ? '1' : valueFor(option));
    }
    let read: Record<string, unknown> | undefined;
    command.action(() => {
      read = command.opts();
    });
    const operands = command.registeredArguments.map(({ argChoices }) => argChoices?.[0] ?? 'x');
    await program.parseAsync(['node', 'kivyx', ...words, ...operands]);
    for (const option of command.options) {
      if (option.envVar === undefined) continue;
      const value = read?.[option.attributeName()];
      expect([value].flat(), option.flags).toEqual([isSwitch(option) ? !option.negate : valueFor(option)]);
    }
  });
});

describe('every flag has a place in the configuration', () => {
  const home = mkdtempSync(join(tmpdir(), 'kivyx-flags-'));
  afterAll(() => rmSync(home, { force: true, recursive: true }));
  const config = join(home, 'kivyx.config.json');
  const parse = async (words: readonly string[], flags: unknown): Promise<Record<string, unknown>> => {
    writeFileSync(config, JSON.stringify({ flags }));
    vi.stubEnv('KIVYX_CONFIG', config);
    const program = createProgram();
    const command = find(program, words);
    let read: Record<string, unknown> = {};
    command.action(() => {
      read = command.opts();
    });
    const operands = command.registeredArguments.map(({ argChoices }) => argChoices?.[0] ?? 'x');
    const argv = ['node', 'kivyx', ...words, ...operands];
    await setFlagsFromConfig(program, argv);
    await program.parseAsync(argv);
    return read;
  };
  const commands = leaves(createProgram()).filter(
    ({ path }) => !['init', 'completion', 'inspect'].includes(path[0] ?? ''),
  );

  it.each(named(commands))('%s', async (name, words) => {
    const options = find(createProgram(), words).options;
    const values = Object.fromEntries(
      options.map((option) => [
        option.attributeName(),
        isSwitch(option) ? !option.negate : option.variadic ? [valueFor(option)] : valueFor(option),
      ]),
    );
    expect(await parse(words, { [name]: values })).toEqual(values);
  });

  it('and variables stand above it', async () => {
    vi.stubEnv('KIVYX_ROLLOUT', '20');
    const flags = { publish: { release: '1.0.0', rollout: 10, workers: 2 } };
    expect(await parse(['publish'], flags)).toMatchObject({ release: '1.0.0', rollout: '20', workers: '2' });
  });

  it.each([
    [{ pubish: {} }, /"pubish", which is no command/],
    [{ publish: { rolout: 1 } }, /no flag "rolout"/],
    [{ publish: { mandatory: 'yes' } }, /publish\.mandatory is true or false/],
    [{ publish: { rollout: true } }, /publish\.rollout is a value/],
    [{ bundle: { runtime: 'x' } }, /is one of nativeVersion/],
  ])('%j is refused', async (flags, words) => {
    await expect(parse(['list'], flags)).rejects.toThrow(words);
  });
});

it('project, app, platform, channel and storage are read by the configuration', async () => {
  const { scope, storageFolder } = await loadConfig(
    {},
    {
      KIVYX_APP: 'cafe',
      KIVYX_CHANNEL: 'beta',
      KIVYX_PLATFORM: 'ios',
      KIVYX_PROJECT: 'acme',
      KIVYX_STORAGE: '/tmp/some-bucket',
    },
  );
  expect(scope).toEqual({ app: 'cafe', channel: 'beta', platform: 'ios', project: 'acme' });
  expect(storageFolder).toBe('/tmp/some-bucket');
});
