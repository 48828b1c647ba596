import { Argument, type Command, Option } from 'commander';
import { addBundleCommand } from './commands/bundle.ts';
import { addCompileCommand } from './commands/compile.ts';
import { addGuardCommand } from './commands/guard.ts';
import { addInitCommand } from './commands/init.ts';
import { addKeyCommands } from './commands/keys.ts';
import { addLookCommands } from './commands/look.ts';
import { addMaintainCommands } from './commands/maintain.ts';
import { addPatchCommand } from './commands/patch.ts';
import { addPublishCommand } from './commands/publish.ts';
import { addReleaseCommands } from './commands/release.ts';
import { addRootCommands } from './commands/root.ts';
import { completionScript, type Shell } from './completion.ts';
import { createCommand } from './environment.ts';
import { version } from './version.ts';

/** The whole command line, for `main` and for the documentation. */
export function createProgram(): Command {
  const program = createCommand('kivyx')
    .description('Signed over-the-air updates for React Native, on your own storage and keys.')
    .exitOverride()
    .configureHelp({ helpWidth: 100, sortSubcommands: false })
    .version(version, '-V, --version', 'print the version');
  const scoped = (command: Command): Command =>
    command
      .addOption(
        new Option(
          '--config <file>',
          'configuration (KIVYX_CONFIG); default: kivyx.config.{ts,mjs,js,json} here or above',
        ),
      )
      .addOption(new Option('--project <name>', 'project (KIVYX_PROJECT)'))
      .addOption(new Option('--app <name>', 'app (KIVYX_APP)'))
      .addOption(new Option('--platform <platform>', 'ios or android (KIVYX_PLATFORM)'))
      .addOption(new Option('--channel <name>', 'channel (KIVYX_CHANNEL)'))
      .addOption(new Option('--storage <folder>', 'folder of the bucket (KIVYX_STORAGE)'))
      .addOption(new Option('--server <url>', 'control plane that devices ask (KIVYX_SERVER)'))
      .addOption(new Option('--json', 'print the result as JSON'));
  addInitCommand(program);
  addKeyCommands(program, scoped);
  addRootCommands(program, scoped);
  addPublishCommand(program, scoped);
  addBundleCommand(program);
  addCompileCommand(program);
  addReleaseCommands(program, scoped);
  addGuardCommand(program, scoped);
  addPatchCommand(program, scoped);
  addLookCommands(program, scoped);
  addMaintainCommands(program, scoped);
  program
    .command('completion')
    .description('Print a script that completes commands and flags: source <(kivyx completion bash)')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .action((shell: Shell) => {
      process.stdout.write(completionScript(program, shell));
    });
  return program;
}
