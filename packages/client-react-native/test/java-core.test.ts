import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileJava, JAVA, javaFiles } from './native/java.ts';
import { itBootsSafely } from './native/core-suite.ts';
import { hasTools, newFolder, removeFolders, runTool } from './native/toolchain.ts';

const SOURCES = fileURLToPath(new URL('../android/core/src', import.meta.url));
const VECTORS = fileURLToPath(new URL('../../../docs/spec/vectors/lifecycle-boot.txt', import.meta.url));
const PACKAGE = 'org.kivyx.ota.core';

const ready = hasTools({ java: ['-version'], javac: ['-version'], strace: ['-o', '/dev/null', 'true'] });

describe.skipIf(!ready)('the Java core', () => {
  let classes = '';
  beforeAll(() => {
    classes = compileJava([SOURCES]);
  }, 60_000);
  afterAll(removeFolders);

  it('gives the same outcome for every vector', () => {
    const report = runTool('java', [...JAVA, classes, `${PACKAGE}.VectorRunner`, VECTORS]);
    console.log(`Java: ${report.trim()}`);
    const count = (line: string): number => readFileSync(VECTORS, 'latin1').split(`\n${line} `).length - 1;
    expect(report).toBe(
      `equal: boots ${count('boot')}, boots with a failing write ${count('boot')}, records ${count('record')}, ` +
        `markers ${count('marker')}, clean-ups ${count('clean-up')}; unequal: 0\n`,
    );
  });

  // A check that cannot fail is none: one small mistake in each place has to be noticed.
  it.each([
    ['Limits.java', 'PENDING_UNKNOWNS = 3', 'PENDING_UNKNOWNS = 4'],
    ['ExitClassifier.java', 'acknowledgedLaunchId == launchId', 'acknowledgedLaunchId >= launchId'],
    ['BootDecider.java', 'newest == 0 ? 1 : 0]', 'newest == 0 ? 0 : 1]'],
    ['TextRecord.java', 'one < 32 || one > 126', 'one < 14 || one > 127'],
    ['Fields.java', "length > 1 && text.charAt(0) == '0'", "length > 2 && text.charAt(0) == '0'"],
    ['BootRunner.java', 'return BootDecider.decideWithoutWrite(input, decision);', 'return decision;'],
  ])('a mistake in %s is noticed: %s → %s', (file, right, wrong) => {
    const copy = newFolder();
    for (const path of javaFiles(SOURCES)) {
      const text = readFileSync(path, 'utf8');
      const target = join(copy, path.slice(SOURCES.length));
      const mistaken = path.endsWith(`/${file}`) ? text.replace(right, wrong) : text;
      if (path.endsWith(`/${file}`)) expect(mistaken).not.toBe(text);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, mistaken);
    }
    const mistakenClasses = compileJava([copy]);
    expect(() => runTool('java', [...JAVA, mistakenClasses, `${PACKAGE}.VectorRunner`, VECTORS])).toThrow(
      /UNEQUAL/,
    );
  });

  it('uses nothing but the JDK that Android has too: no clock, no reflection, no java.nio.file', () => {
    const allowed =
      /^import java\.(io|util)\.\w+;$|^import java\.security\.(MessageDigest|NoSuchAlgorithmException);$|^import java\.nio\.(charset\.StandardCharsets|channels\.(FileLock|OverlappingFileLockException));$/;
    for (const path of javaFiles(join(SOURCES, 'main'))) {
      const text = readFileSync(path, 'utf8');
      for (const line of text.split('\n'))
        if (line.startsWith('import ')) expect(line, path).toMatch(allowed);
      expect(text, path).not.toMatch(
        /currentTimeMillis|nanoTime|lastModified|forName|getClass|getDeclared|\bjava\.time\b/,
      );
      expect(text.split('\n').length, path).toBeLessThanOrEqual(300);
    }
  });

  itBootsSafely(() => ({ args: [...JAVA, classes, `${PACKAGE}.BootProgram`], command: 'java' }));
});
