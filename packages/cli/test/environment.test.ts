// Every flag of every command, by its variable alone. In this process: no command runs, they only read their flags.
import type { Command, Option } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../src/config.ts';
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
const find = (program: Command, path: readonly string[]): Command =>
  path.reduce((at, name) => at.commands.find((child) => child.name() === name) as Command, program);

const SCOPE = ['config', 'project', 'app', 'platform', 'channel', 'storage', 'server'];
const valueFor = ({ argChoices }: Option): string => argChoices?.at(-1) ?? '7';
/** `--dry-run`, `--no-reset-cache`. */
const isSwitch = (option: Option): boolean => option.isBoolean() || option.negate;

describe('every flag has a variable', () => {
  it.each(leaves(createProgram()).map(({ path }) => path))('%s %s', async (...path) => {
    const words = path.filter((word) => word !== undefined);
    const program = createProgram();
    const command = find(program, words);
    for (const option of command.options) {
      if (SCOPE.includes(option.name()) && !['bundle', 'init'].includes(command.name())) continue;
      expect(option.envVar, `${words.join(' ')} ${option.flags}`).toMatch(/^KIVYX_[A-Z_]+$/);
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
