import { isOtaError } from '@kivyx-ota/core';
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { switchesOff } from './environment.ts';
import { createProgram } from './program.ts';

/** Runs one command; gives the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  process.exitCode = EXIT.ok;
  try {
    const program = createProgram();
    for (const name of switchesOff(program, process.env)) delete process.env[name];
    await program.parseAsync(argv as string[]);
    return process.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const code = isOtaError(error) ? error.code : undefined;
    const message = error instanceof Error ? error.message : String(error);
    if (argv.includes('--json') || process.env['KIVYX_JSON'] !== undefined)
      process.stdout.write(`${JSON.stringify({ error: { code: code ?? 'ERR_CLI', message } })}\n`);
    else process.stderr.write(`${code === undefined ? '' : `${code}: `}${message}\n`);
    // The packages say so of an argument that is outside of what they take.
    const isUsage = code === 'ERR_CLI_USAGE' || error instanceof RangeError;
    return isUsage ? EXIT.usage : EXIT.refused;
  }
}
