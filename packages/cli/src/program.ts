import { Command, Option } from 'commander';
import { addLookCommands } from './commands/look.ts';
import { addReleaseCommands } from './commands/release.ts';
import { addSetupCommands } from './commands/setup.ts';

/** The whole command line, for `main` and for the documentation. */
export function createProgram(): Command {
  const program = new Command('kivyx')
    .description('Signed over-the-air updates for React Native, on your own storage and keys.')
    .exitOverride()
    .configureHelp({ helpWidth: 100, sortSubcommands: false })
    .showHelpAfterError('(kivyx help <command> shows what there is)');
  const scoped = (command: Command): Command =>
    command
      .addOption(
        new Option('--config <file>', 'configuration; default: kivyx.config.{ts,mjs,js,json} here or above'),
      )
      .addOption(new Option('--project <name>', 'project (KIVYX_PROJECT)'))
      .addOption(new Option('--app <name>', 'app (KIVYX_APP)'))
      .addOption(new Option('--platform <platform>', 'ios or android (KIVYX_PLATFORM)'))
      .addOption(new Option('--channel <name>', 'channel (KIVYX_CHANNEL)'))
      .addOption(new Option('--storage <folder>', 'folder of the bucket (KIVYX_STORAGE)'))
      .addOption(new Option('--json', 'print the result as JSON'));
  addSetupCommands(program);
  addReleaseCommands(program, scoped);
  addLookCommands(program, scoped);
  return program;
}
