// The devices' JavaScript engine: the Hermes VM from npm, or QuickJS where npm has no Hermes for this machine.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** What a launch of the app came to, as its process would show it to the operating system. */
export interface LaunchOutcome {
  readonly firstContent: boolean;
  readonly crash?: string;
  readonly lines: readonly string[];
}

/** Compiles JavaScript to what {@link Engine.launch} runs. */
export interface Engine {
  readonly name: string;
  readonly launchFileName: string;
  /** Version of the bytecode; absent where plain JavaScript is run. */
  readonly hbcVersion?: number;
  /** Compiles `jsPath` to `outPath`, against the bytecode at `basePath` if given. */
  compile(jsPath: string, outPath: string, basePath?: string): Promise<void>;
  launch(bundlePath: string): Promise<LaunchOutcome>;
}

const HERMES_FOLDER: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'osx-bin',
  linux: 'linux64-bin',
  win32: 'win64-bin',
};

/** Hermes where npm has a build for this machine, else QuickJS. */
export async function findEngine(): Promise<Engine> {
  const folder = HERMES_FOLDER[process.platform];
  if (folder !== undefined) {
    const bin = join(dirname(require.resolve('hermes-engine-cli/package.json')), folder);
    const suffix = process.platform === 'win32' ? '.exe' : '';
    const hermes = join(bin, `hermes${suffix}`);
    const hermesc = join(bin, `hermesc${suffix}`);
    // An arm64 Linux has the file but cannot run it.
    const version = existsSync(hermes) ? await run(hermes, ['--version']).catch(() => undefined) : undefined;
    const hbcVersion = /bytecode version: (\d+)/.exec(version?.stdout ?? '')?.[1];
    if (hbcVersion !== undefined) return hermesEngine(hermes, hermesc, Number(hbcVersion));
  }
  return quickJsEngine();
}

function hermesEngine(hermes: string, hermesc: string, hbcVersion: number): Engine {
  return {
    name: `Hermes VM (bytecode ${hbcVersion})`,
    launchFileName: 'main.hbc',
    hbcVersion,
    compile: async (jsPath, outPath, basePath) => {
      const base = basePath === undefined ? [] : ['-base-bytecode', basePath];
      await run(hermesc, [
        '-O',
        '-w',
        '-emit-binary',
        '-output-source-map',
        ...base,
        '-out',
        outPath,
        jsPath,
      ]);
    },
    launch: async (bundlePath) => {
      const result = await run(hermes, ['-b', bundlePath], { timeout: 20_000 }).then(
        ({ stdout }) => ({ failed: false, stdout }),
        (error: { stdout?: string }) => ({ failed: true, stdout: error.stdout ?? '' }),
      );
      return outcome(result.stdout.split('\n'), result.failed);
    },
  };
}

async function quickJsEngine(): Promise<Engine> {
  const { getQuickJS } = await import('quickjs-emscripten');
  const quickJs = await getQuickJS();
  return {
    name: `QuickJS (npm has no Hermes VM for ${process.platform} ${process.arch})`,
    launchFileName: 'main.js',
    compile: async (jsPath, outPath) => {
      const { copyFile } = await import('node:fs/promises');
      await copyFile(jsPath, outPath);
    },
    launch: async (bundlePath) => {
      const lines: string[] = [];
      const vm = quickJs.newContext();
      try {
        const print = vm.newFunction('print', (...parts) => {
          lines.push(
            ...parts
              .map((part) => String(vm.dump(part)))
              .join(' ')
              .split('\n'),
          );
        });
        vm.setProp(vm.global, 'print', print);
        print.dispose();
        const result = vm.evalCode(await readFile(bundlePath, 'utf8'), 'main.js');
        const failed = result.error !== undefined;
        (result.error ?? result.value).dispose();
        return outcome(lines, failed);
      } finally {
        vm.dispose();
      }
    },
  };
}

function outcome(lines: readonly string[], failed: boolean): LaunchOutcome {
  const crash = lines.find((line) => line.startsWith('kivyx:crash '))?.slice('kivyx:crash '.length);
  return {
    ...(crash !== undefined || failed ? { crash: crash ?? 'the engine stopped' } : {}),
    firstContent: lines.includes('kivyx:first-content'),
    lines: lines.filter((line) => line !== ''),
  };
}
