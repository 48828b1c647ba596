import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itBootsSafely } from './native/core-suite.ts';
import { compileObjc, hasObjcTools, IOS, linkObjc, objcFlags, sourcesIn } from './native/objc.ts';
import { hasTools, newFolder, removeFolders, runTool } from './native/toolchain.ts';

const VECTORS = fileURLToPath(new URL('../../../docs/spec/vectors/lifecycle-boot.txt', import.meta.url));

const ready = hasObjcTools() && hasTools({ strace: ['-o', '/dev/null', 'true'] });

const CORE = /./;
const VECTOR_RUNNER = /^vector-/;
const BOOT_PROGRAM = /^boot-program|^phone-life/;

describe.skipIf(!ready)('the Objective-C core', () => {
  let core: readonly string[] = [];
  let runner: readonly string[] = [];
  let boot = '';
  beforeAll(() => {
    core = compileObjc(sourcesIn(join(IOS, 'core'), CORE));
    runner = compileObjc(sourcesIn(join(IOS, 'core-test'), VECTOR_RUNNER));
    boot = linkObjc([...core, ...compileObjc(sourcesIn(join(IOS, 'core-test'), BOOT_PROGRAM))]);
  }, 60_000);
  afterAll(removeFolders);

  /** The vector runner with one line of one file of the core changed. */
  const withMistake = (file: string, right: string, wrong: string): string => {
    const text = readFileSync(join(IOS, 'core', file), 'utf8');
    expect(text).toContain(right);
    const path = join(newFolder(), file);
    writeFileSync(path, text.replace(right, wrong));
    const name = `/${basename(file, '.m')}.o`;
    return linkObjc([...core.filter((object) => !object.endsWith(name)), ...runner, ...compileObjc([path])]);
  };

  it('gives the same outcome for every vector, twice, and releases what it made', () => {
    const report = runTool(linkObjc([...core, ...runner]), [VECTORS]);
    console.log(`Objective-C: ${report.trim()}`);
    const count = (line: string): number => readFileSync(VECTORS, 'latin1').split(`\n${line} `).length - 1;
    const equal =
      `equal: boots ${count('boot')}, boots with a failing write ${count('boot')}, records ${count('record')}, ` +
      `markers ${count('marker')}, clean-ups ${count('clean-up')}; unequal: 0\n`;
    expect(report).toBe(`${equal}${equal}objects never released: 0\n`);
  });

  it('does so with every memory access watched', () => {
    // With -O1, as their authors advise: half the time.
    const sanitizers = ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];
    const sources = [
      ...sourcesIn(join(IOS, 'core'), CORE),
      ...sourcesIn(join(IOS, 'core-test'), VECTOR_RUNNER),
    ];
    const program = linkObjc(compileObjc(sources, sanitizers), sanitizers);
    const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };
    const { stdout, stderr, status } = spawnSync(program, [VECTORS], { encoding: 'utf8', env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('unequal: 0\nobjects never released: 0\n');
  }, 60_000);

  it('a forgotten release is noticed', () => {
    const report = runTool(withMistake('KVXSlotReading.m', '  [_detail release];\n', ''), [VECTORS]);
    expect(report).toMatch(/objects never released: [1-9]/);
  });

  // A check that cannot fail is none: one small mistake in each place has to be noticed.
  it.each([
    ['KVXLaunchSettlement.m', '>= KVX_PENDING_NEUTRALS', '> KVX_PENDING_NEUTRALS'],
    ['KVXExitClassifier.m', 'has(markers, KVXMarkerTimeout, launchId)', 'has(markers, KVXMarkerTimeout, 0)'],
    ['KVXFields.m', 'value > KVX_MAX_INTEGER ? -1', 'value > KVX_MAX_INTEGER + 1 ? -1'],
    ['KVXRequestConsumption.m', 'if (failedForGood)', 'if (failedForGood && !wanted.directive)'],
    ['KVXBootDecider.m', 'if (KVXInputIsNewer(input))', 'if (input->boot[0].kind == KVXSlotNewer)'],
    ['KVXCleanUpPlan.m', '    [needed addObject:record.previousSha256Hex];\n', ''],
  ])('a mistake in %s is noticed: %s → %s', (file, right, wrong) => {
    const program = withMistake(file, right, wrong);
    expect(() => runTool(program, [VECTORS])).toThrow(/UNEQUAL/);
  });

  it('the static analyzer finds nothing', () => {
    const analyzer = ['--analyze', '--analyzer-output', 'text', '-Xclang', '-analyzer-werror'];
    runTool('clang', [...analyzer, ...objcFlags(), ...sourcesIn(join(IOS, 'core'), CORE)]);
  }, 60_000);

  it('uses Foundation, POSIX and CommonCrypto only: no clock, no user defaults, small files', () => {
    for (const name of readdirSync(join(IOS, 'core'))) {
      const text = readFileSync(join(IOS, 'core', name), 'utf8');
      for (const [, header = ''] of text.matchAll(/^#(?:import|include) [<"](.+)[>"]/gm)) {
        const known =
          /^(Foundation\/Foundation|CommonCrypto\/CommonDigest|dirent|errno|fcntl|limits|signal|stddef|stdio|string|sys\/file|unistd)\.h$/;
        if (!existsSync(join(IOS, 'core', header))) expect(header, name).toMatch(known);
      }
      expect(text, name).not.toMatch(
        /NSDate|NSTimer|gettimeofday|\btime\(|clock_|NSUserDefaults|NSClassFromString/,
      );
      expect(text.split('\n').length, name).toBeLessThanOrEqual(300);
    }
  });

  itBootsSafely(() => ({ args: [], command: boot }));
});
