import { compileHermes } from '@kivyx-ota/publisher/node';
import type { Command } from 'commander';
import { bytes, createOutput } from '../output.ts';
import { readBytes } from '../read-file.ts';

/** `compile`. */
export function addCompileCommand(program: Command): void {
  program
    .command('compile')
    .description(
      "Compile JavaScript with the app's own Hermes compiler, against the last release where that is proven to be the same program.",
    )
    .requiredOption('--js <file>', 'what the bundler wrote')
    .requiredOption('--out <file>', 'where the bytecode goes')
    .option('--base <file>', 'bytecode of the last release, or the embedded one')
    .option('--app-folder <folder>', 'folder of the app', '.')
    .option('--hermesc <file>', 'the compiler, instead of looking for it')
    .option('--json', 'print the result as JSON')
    .action(
      async (flags: {
        js: string;
        out: string;
        base?: string;
        appFolder: string;
        hermesc?: string;
        json?: boolean;
      }) => {
        await readBytes(flags.js);
        const {
          against,
          bytes: made,
          hbcVersion,
          message,
        } = await compileHermes({
          jsPath: flags.js,
          outPath: flags.out,
          projectDirectory: flags.appFolder,
          ...(flags.hermesc === undefined ? {} : { hermescPath: flags.hermesc }),
          ...(flags.base === undefined ? {} : { base: await readBytes(flags.base) }),
        });
        createOutput(flags.json === true).result({ against, hbcVersion, message, sizeBytes: made.length }, [
          `${flags.out}: HBC ${hbcVersion}, ${bytes(made.length)}${against === 'base' ? ', against the base' : ''}`,
          ...(message === undefined ? [] : [message]),
        ]);
      },
    );
}
