import { type Command, Option } from 'commander';
import { resolve } from 'node:path';
import { checkName } from '../config.ts';
import { createOutput } from '../output.ts';
import { writeNew } from '../write-new.ts';

/** `init`. */
export function addInitCommand(program: Command): void {
  program
    .command('init')
    .description('Write kivyx.config.json into this folder.')
    .requiredOption('--project <name>', 'name of your project')
    .requiredOption('--app <name>', 'name of the app')
    .addOption(
      new Option('--platform <platform>', 'ios or android').choices(['android', 'ios']).default('android'),
    )
    .option('--channel <name>', 'channel to publish to', 'production')
    .option('--storage <folder>', 'folder of the bucket', 'bucket')
    .option('--json', 'print the result as JSON')
    .action(async ({ app, channel, json, platform, project, storage }: Record<string, string>) => {
      const path = resolve('kivyx.config.json');
      for (const [what, name] of Object.entries({ app, channel, project })) checkName(what, name ?? '');
      const config = { project, app, platform, channel, storage };
      await writeNew([{ content: `${JSON.stringify(config, undefined, 2)}\n`, path }], 'change it by hand');
      createOutput(json !== undefined).result({ config, path }, [
        `Written: ${path}`,
        'Next: kivyx keys generate',
      ]);
    });
}
