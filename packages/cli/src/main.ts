import { isOtaError } from '@kivyx-ota/core';
import { type Command, CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { setFlagsFromConfig } from './flags-from-config.ts';
import { nextStep } from './next-step.ts';
import { switchesOff } from './environment.ts';
import { createProgram } from './program.ts';
import { systemErrorMessage } from './system-error.ts';

/** Runs one command; gives the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  process.exitCode = EXIT.ok;
  const program = createProgram();
  for (const name of switchesOff(program, process.env)) delete process.env[name];
  const json = argv.includes('--json') || process.env['KIVYX_JSON'] !== undefined;
  sayErrors(program, json);
  try {
    await setFlagsFromConfig(program, argv);
    await program.parseAsync(argv as string[]);
    return process.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      if (json) print({ code: 'ERR_CLI_USAGE', message: error.message.replace(/^error: /, '') });
      return EXIT.usage;
    }
    const code = isOtaError(error) ? error.code : undefined;
    const message = systemErrorMessage(error) ?? (error instanceof Error ? error.message : String(error));
    const next = nextStep(error);
    if (json) print({ code: code ?? 'ERR_CLI', message, ...(next === undefined ? {} : { next }) });
    else {
      process.stderr.write(`${code === undefined ? '' : `${code}: `}${message}\n`);
      if (next !== undefined) process.stderr.write(`Next: ${next}\n`);
    }
    // The packages say so of an argument that is outside of what they take.
    const isUsage = code === 'ERR_CLI_USAGE' || error instanceof RangeError;
    return isUsage ? EXIT.usage : EXIT.refused;
  }
}

function print(error: { readonly code: string; readonly message: string; readonly next?: string }): void {
  process.stdout.write(`${JSON.stringify({ error })}\n`);
}

/** What commander says of a wrong command line, and which help says more; with `--json` it is printed as such. */
function sayErrors(command: Command, json: boolean, path: string = command.name()): void {
  command.configureOutput({
    outputError: json ? () => undefined : (text, write) => write(`${text.trimEnd()}\nNext: ${path} --help\n`),
  });
  for (const child of command.commands) sayErrors(child as Command, json, `${path} ${child.name()}`);
}
