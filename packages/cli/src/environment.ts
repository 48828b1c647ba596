import { Command, type Option } from 'commander';

/** Words that mean another thing in each command: their variables carry the command's name, too. */
const AMBIGUOUS = new Set(['base', 'embedded', 'from', 'keep', 'key', 'name', 'out', 'to']);

/** `--rollout` is `KIVYX_ROLLOUT`; `promote --to` is `KIVYX_PROMOTE_TO`. */
export function environmentName(command: Command, option: Option): string {
  const parts = AMBIGUOUS.has(option.name()) ? [command.name(), option.name()] : [option.name()];
  return `KIVYX_${parts.join('_').replaceAll('-', '_').toUpperCase()}`;
}

// The configuration reads these itself, because it knows what a path is relative to; `init` has none yet, and `bundle` needs none.
const READ_BY_CONFIG = new Set(['config', 'project', 'app', 'platform', 'channel', 'storage', 'server']);
const WITHOUT_CONFIG = new Set(['bundle', 'init']);

/** A command whose flags, and those of its subcommands, each have a variable. */
export function createCommand(name?: string): Command {
  const command = new Command(name);
  const addOption = command.addOption.bind(command);
  // Commander looks at the variable while the flag is added, so it must be there before.
  command.addOption = (option) => {
    if (!READ_BY_CONFIG.has(option.name()) || WITHOUT_CONFIG.has(command.name()))
      option.env(environmentName(command, option));
    return addOption(option);
  };
  command.createCommand = createCommand;
  return command;
}

/**
 * A switch is off when its variable is empty, `0` or `false`; commander would take the mere presence as on. Gives the names to leave
 * out.
 */
export function switchesOff(command: Command, environment: NodeJS.ProcessEnv): readonly string[] {
  const own = command.options
    .filter((option) => (option.isBoolean() || option.negate) && option.envVar !== undefined)
    .map(({ envVar }) => envVar as string)
    .filter((name) => ['', '0', 'false'].includes(environment[name]?.toLowerCase() ?? 'unset'));
  return [...own, ...command.commands.flatMap((child) => switchesOff(child as Command, environment))];
}
