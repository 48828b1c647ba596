import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasTools, newFolder, runTool } from './toolchain.ts';

export const IOS: string = fileURLToPath(new URL('../../ios', import.meta.url));

/** clang and GNUstep's Foundation. */
export function hasObjcTools(): boolean {
  const tools = { clang: ['--version'], gcc: ['--version'], 'gnustep-config': ['--variable=CC'] };
  return process.platform === 'linux' && hasTools(tools);
}

/** And what Objective-C blocks need at run time: libblocksruntime-dev. */
export function hasBlocks(): boolean {
  return hasTools({ clang: ['-shared', '-lBlocksRuntime', '-o', '/dev/null'] });
}

/** Objective-C 1 as iOS compiles it without ARC, as strictly as clang can, against GNUstep's Foundation. */
let knownFlags: readonly string[] | undefined;
export function objcFlags(): readonly string[] {
  return (knownFlags ??= findFlags());
}

function findFlags(): readonly string[] {
  const gnustep = runTool('gnustep-config', ['--variable=GNUSTEP_SYSTEM_HEADERS']).trim();
  return [
    '-std=gnu99',
    '-Wall',
    '-Wextra',
    '-Wshadow',
    '-Wconversion',
    '-Wstrict-prototypes',
    '-Werror',
    '-g',
    '-fobjc-exceptions',
    '-fexceptions',
    '-fconstant-string-class=NSConstantString',
    '-D_NATIVE_OBJC_EXCEPTIONS',
    '-DGNUSTEP',
    '-DGNUSTEP_BASE_LIBRARY=1',
    '-DGNU_RUNTIME=1',
    '-isystem',
    gnustep,
    '-idirafter',
    runTool('gcc', ['-print-file-name=include']).trim(),
  ];
}

/** The sources in a folder of `ios/`. */
export const sourcesIn = (folder: string, pattern: RegExp): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.m') && pattern.test(name))
    .map((name) => join(folder, name));

/** Compiles `sources`, as strictly as clang can; gives the object files. */
export function compileObjc(sources: readonly string[], more: readonly string[] = []): readonly string[] {
  const folder = newFolder();
  const include = ['core', 'core-test', 'glue'].flatMap((folder) => ['-I', join(IOS, folder)]);
  const output = (source: string): string => join(folder, `${basename(source, '.m')}.o`);
  for (const source of sources)
    runTool('clang', [...objcFlags(), ...more, ...include, '-c', source, '-o', output(source)]);
  return sources.map(output);
}

/** Links a program and gives its path: `program`, or in a folder of its own. */
export function linkObjc(
  objects: readonly string[],
  more: readonly string[] = [],
  program: string = join(newFolder(), 'program'),
): string {
  const runtime = dirname(runTool('gcc', ['-print-file-name=libobjc.so']).trim());
  runTool('clang', [...more, ...objects, '-L', runtime, '-lgnustep-base', '-lobjc', '-o', program]);
  return program;
}
