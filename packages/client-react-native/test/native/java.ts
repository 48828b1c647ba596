import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, runTool } from './toolchain.ts';

/** The virtual machine, by the name it has in PATH. */
export const JAVA_COMMAND = 'java';

/** Of a virtual machine that lives for a second at most: its better compiler would not pay. */
const SHORT_LIVED = ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-XX:-UsePerfData'];

/** How a program is started that lives for milliseconds; the class path follows. */
export const JAVA: readonly string[] = [...SHORT_LIVED, '-cp'];

export const javaFiles = (folder: string): readonly string[] =>
  readdirSync(folder, { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.java'))
    .map((name) => join(folder, name));

/** Compiles source folders as strictly as javac can, for Java 8, against `archives`. */
export function compileJava(folders: readonly string[], archives: readonly string[] = []): string {
  const classes = newFolder();
  // `options`: a future javac says of every `--release 8` that it is old. `classfile`: annotations of an archive that are not in it.
  const strict = ['--release', '8', '-Xlint:all', '-Xlint:-options,-classfile', '-Werror'];
  const classPath = archives.length === 0 ? [] : ['-cp', archives.join(':')];
  const vm = SHORT_LIVED.map((option) => `-J${option}`);
  runTool('javac', [...vm, ...strict, ...classPath, '-d', classes, ...folders.flatMap(javaFiles)]);
  return classes;
}
