import type { Command, Option } from 'commander';
import { findConfig, readConfig } from './config.ts';
import type { KivyxConfig } from './kivyx-config.ts';
import { usageError } from './usage-error.ts';

/** Commands that work before there is a configuration, or without one. */
const WITHOUT = new Set(['init', 'completion', 'inspect', 'help']);

/**
 * Sets what `flags` of the configuration says for the command of `argv`. The command line stands above it, and so do variables, because
 * commander knows where a value comes from.
 *
 * @throws ERR_CLI_USAGE for a command, a flag or a value that is none
 */
export async function setFlagsFromConfig(program: Command, argv: readonly string[]): Promise<void> {
  const words = argv.slice(2);
  const at = words.findIndex((word) => word === '--config' || word.startsWith('--config='));
  const given = at === -1 ? process.env['KIVYX_CONFIG'] : (words[at]?.split('=')[1] ?? words[at + 1]);
  const first = words[0] ?? 'help';
  if (WITHOUT.has(first) || first.startsWith('-') || words.includes('--help') || words.includes('-h')) return;
  const path = findConfig(given);
  if (path === undefined) return;
  const { flags = {} } = await readConfig(path);
  for (const [name, values] of Object.entries(flags)) {
    const command = name
      .split(' ')
      .reduce<Command | undefined>(
        (found, word) => found?.commands.find((child) => child.name() === word) as Command | undefined,
        program,
      );
    if (command === undefined) throw usageError(`${path}: flags has "${name}", which is no command`);
    for (const [flag, value] of Object.entries(values)) {
      const option = command.options.find((one) => one.attributeName() === flag);
      if (option === undefined) throw usageError(`${path}: kivyx ${name} has no flag "${flag}"`);
      command.setOptionValueWithSource(flag, valueOf(option, value, `${path}: ${name}.${flag}`), 'config');
    }
  }
}

type Value = NonNullable<KivyxConfig['flags']>[string][string];

function valueOf(option: Option, value: Value, where: string): Value {
  const { argChoices: choices } = option;
  if (option.isBoolean() || option.negate) {
    if (typeof value === 'boolean') return value;
    throw usageError(`${where} is true or false`);
  }
  const texts = [value].flat().map(String);
  if (typeof value === 'boolean' || (Array.isArray(value) && !option.variadic) || texts.length === 0)
    throw usageError(`${where} is a value, as ${option.flags}`);
  const wrong = choices === undefined ? undefined : texts.find((text) => !choices.includes(text));
  if (wrong !== undefined) throw usageError(`${where} is one of ${choices?.join(', ') ?? ''}, not ${wrong}`);
  return option.variadic ? texts : (texts[0] as string);
}
