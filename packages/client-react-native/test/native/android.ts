import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSpec } from './codegen.ts';
import { compileJava, JAVA } from './java.ts';
import { REACT_CLASSES } from './platforms.ts';

export const ANDROID: string = fileURLToPath(new URL('../../android', import.meta.url));

/** Not below `android/`: autolinking looks for the app's package there, and would find one of these. */
const STUBS = fileURLToPath(new URL('../android-stubs', import.meta.url));

/** The whole native side of Android, with what React Native generates, against React Native's classes and stubs of what they lack. */
export function compileAndroid(): string {
  const folders = [join(ANDROID, 'core/src'), join(ANDROID, 'src'), STUBS, join(generateSpec(), 'java')];
  return compileJava(folders, [REACT_CLASSES]);
}

/** Compiles some of it again, against {@link compileAndroid}'s `classes`. */
export function compileAndroidAgain(folder: string, classes: string): void {
  compileJava([folder], [classes, REACT_CLASSES]);
}

/** Arguments of `java` for a program among the classes of {@link compileAndroid}. */
export const androidProgram = (classes: string, name: string): readonly string[] => [
  ...JAVA,
  `${classes}:${REACT_CLASSES}`,
  `org.kivyx.ota.${name}`,
];
