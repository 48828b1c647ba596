import { findDifference, inspectBytecode } from '@kivyx-ota/delta/bytecode';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publishError } from '../error.ts';
import { findHermesc } from './find-hermesc.ts';

/** Options of {@link compileHermes}. */
export interface CompileHermesOptions {
  /** The bundler's output. */
  readonly jsPath: string;
  /** Where the bytecode goes; the source map beside it as `<outPath>.map`. */
  readonly outPath: string;
  /** The app's folder: its compiler is the one that the app was built with. */
  readonly projectDirectory?: string;
  /** The compiler itself, instead of looking for it. */
  readonly hermescPath?: string;
  /**
   * Bytecode that devices have: the previous release of the channel, or the embedded bundle. The new file keeps its numbers, which
   * makes generic patches ten times smaller and structural ones a little.
   */
  readonly base?: Uint8Array;
  /** Default: React Native's own, `-O -output-source-map`. */
  readonly flags?: readonly string[];
}

/** What was compiled. */
export interface CompiledBytecode {
  readonly bytes: Uint8Array;
  readonly hbcVersion: number;
  /** `base`: against the given bytecode, and proven to be the same program as a plain compile. */
  readonly against: 'base' | 'nothing';
  /** Why the base was not used, for people. */
  readonly message?: string;
}

const REACT_NATIVE_FLAGS = ['-O', '-output-source-map'] as const;
const run = promisify(execFile);

/**
 * Compiles JavaScript to Hermes bytecode as React Native's build does, against `base` where that works. A bundle that was compiled
 * against another one is used only after it has been compared with a plain compile of the same source, instruction by
 * instruction; otherwise the plain one is used, and `message` says why.
 *
 * @throws ERR_PUBLISH_HERMESC when there is no compiler, or it fails
 * @throws ERR_PUBLISH_BYTECODE when the result keeps debug information
 */
export async function compileHermes(options: CompileHermesOptions): Promise<CompiledBytecode> {
  const { base, flags = REACT_NATIVE_FLAGS, jsPath, outPath } = options;
  const hermesc = options.hermescPath ?? findHermesc(options.projectDirectory ?? process.cwd());
  if (hermesc === undefined) {
    throw publishError(
      'ERR_PUBLISH_HERMESC',
      "No Hermes compiler found: install the app's dependencies first, or pass hermescPath",
    );
  }
  const work = await mkdtemp(join(tmpdir(), 'kivyx-hermes-'));
  try {
    const compile = async (name: string, more: readonly string[]): Promise<Uint8Array> => {
      const out = join(work, name);
      const all = ['-emit-binary', '-max-diagnostic-width=80', '-w', ...flags, ...more, '-out', out, jsPath];
      await run(hermesc, all, { maxBuffer: 1 << 26 }).catch((error: { stderr?: string; message: string }) => {
        throw publishError(
          'ERR_PUBLISH_HERMESC',
          `The Hermes compiler failed: ${(error.stderr ?? error.message).trim().slice(0, 800)}`,
        );
      });
      return new Uint8Array(await readFile(out));
    };
    const plain = await compile('plain.hbc', []);
    const facts = inspectBytecode(plain);
    if (facts === undefined)
      throw publishError('ERR_PUBLISH_HERMESC', `${hermesc} did not write Hermes bytecode`);
    if (facts.hasDebugInfo === true) {
      throw publishError(
        'ERR_PUBLISH_BYTECODE',
        'The bytecode keeps debug information: compile with -output-source-map (or -g0); it is 20 % of the file and most of every patch',
      );
    }
    let message = base === undefined ? undefined : whyNotAgainst(base, plain);
    let chosen = plain;
    let name = 'plain.hbc';
    if (base !== undefined && message === undefined) {
      const basePath = join(work, 'old.hbc');
      await writeFile(basePath, base);
      const based = await compile('based.hbc', ['-base-bytecode', basePath]).catch((error: Error) => {
        message = `Compiled without the base: ${error.message}`;
        return undefined;
      });
      const difference = based === undefined ? undefined : findDifference(plain, based);
      if (difference !== undefined)
        message = `Compiled without the base, which would change the program: ${difference}`;
      else if (based !== undefined) [chosen, name] = [based, 'based.hbc'];
    }
    await writeFile(`${outPath}.part`, chosen);
    await rename(`${outPath}.part`, outPath);
    await readFile(join(work, `${name}.map`)).then(
      (map) => writeFile(`${outPath}.map`, map),
      () => undefined,
    );
    return {
      against: chosen === plain ? 'nothing' : 'base',
      bytes: chosen,
      hbcVersion: facts.version,
      ...(message === undefined ? {} : { message }),
    };
  } finally {
    await rm(work, { force: true, recursive: true });
  }
}

/** Reasons that are known before anything is compiled. */
function whyNotAgainst(base: Uint8Array, plain: Uint8Array): string | undefined {
  const after = inspectBytecode(plain);
  let before: ReturnType<typeof inspectBytecode>;
  try {
    before = inspectBytecode(base);
  } catch (error) {
    return `Compiled without the base: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (before === undefined || after === undefined)
    return 'Compiled without the base: it is no Hermes bytecode';
  if (before.version !== after.version) {
    return `Compiled without the base: it is bytecode version ${before.version}, the compiler writes ${after.version}`;
  }
  if (!before.known)
    return `Compiled without the base: bytecode version ${before.version} cannot be compared here`;
  if (before.hasDebugInfo === true) return 'Compiled without the base: it keeps debug information';
  if (before.options !== after.options)
    return 'Compiled without the base: it was compiled with other options';
  return undefined;
}
