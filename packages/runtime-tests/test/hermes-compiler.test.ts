// The publisher's compile step and structural patches, on what a real compiler writes from sources with sharp corners.
import { applyPatch } from '@kivyx-ota/delta/apply';
import { createPatch } from '@kivyx-ota/delta/diff';
import { compareBuilds } from '@kivyx-ota/publisher';
import { compileHermes } from '@kivyx-ota/publisher/node';
import { transformSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findHermes } from '../src/index.ts';

const FOLDER = { darwin: 'osx-bin', linux: 'linux64-bin', win32: 'win64-bin' }[process.platform as 'linux'];
const hermescPath = join(
  dirname(createRequire(import.meta.url).resolve('hermes-engine-cli/package.json')),
  FOLDER ?? '',
  process.platform === 'win32' ? 'hermesc.exe' : 'hermesc',
);
// The package has the compiler wherever it has the VM.
const available = (await findHermes()) !== undefined;
if (!available && process.env['CI'] !== undefined) throw new Error('CI must have a Hermes compiler');
if (!available) console.warn(`skipped: npm has no Hermes compiler for ${process.platform} ${process.arch}`);

const work = mkdtempSync(join(tmpdir(), 'kivyx-hermesc-'));
afterAll(() => rmSync(work, { force: true, recursive: true }));

const write = (name: string, source: string): string => {
  const path = join(work, name);
  writeFileSync(path, source);
  return path;
};
const APP =
  'var menu = { espresso: 250 }; function price(n) { return menu[n] || 0; } print(price("espresso"));';
const NEXT = APP.replace('250', '260').replace('print(', 'print("now", ');

it.skipIf(!available)('a minifier shows in bytecode, too (regressions.md 25)', async () => {
  const source = Array.from(
    { length: 120 },
    (_, i) => `function calculatePrice${i}(amount) { return amount * ${i} + other${i}(amount); }`,
  );
  const app = `(function () { ${source.join('\n')}
    ${source.map((_, i) => `function other${i}(n) { return n ? calculatePrice${i}(n - 1) : 0; }`).join('\n')}
    print(${source.map((_, i) => `calculatePrice${i}(3)`).join(' + ')}); })();`;
  const compile = async (name: string, js: string): Promise<Uint8Array> =>
    (
      await compileHermes({
        hermescPath,
        jsPath: write(`${name}.js`, js),
        outPath: join(work, `${name}.hbc`),
      })
    ).bytes;
  const plain = await compile('plain-names', app);
  const short = await compile('short-names', transformSync(app, { minify: true }).code);
  expect(compareBuilds(plain, plain)).toEqual([]);
  expect(compareBuilds(plain, short)).toEqual([{ embedded: false, flag: 'minified', release: true }]);
});

describe.skipIf(!available)('compileHermes', () => {
  it('compiles plainly when there is nothing to compile against', async () => {
    const outPath = join(work, 'plain.hbc');
    const { against, bytes, hbcVersion, message } = await compileHermes({
      hermescPath,
      jsPath: write('a.js', APP),
      outPath,
    });
    expect({ against, hbcVersion, message }).toEqual({
      against: 'nothing',
      hbcVersion: 89,
      message: undefined,
    });
    expect(readFileSync(outPath).equals(Buffer.from(bytes))).toBe(true);
    expect(existsSync(`${outPath}.map`)).toBe(true);
  });

  it('compiles against the last release, proven to be the same program', async () => {
    const base = (
      await compileHermes({ hermescPath, jsPath: write('a.js', APP), outPath: join(work, 'a.hbc') })
    ).bytes;
    const made = await compileHermes({
      base,
      hermescPath,
      jsPath: write('b.js', NEXT),
      outPath: join(work, 'b.hbc'),
    });
    expect(made).toMatchObject({ against: 'base' });
    expect(made.message).toBeUndefined();
    const { bytes } = await createPatch(base, made.bytes);
    expect(bytes.length).toBeLessThan(200);
  });

  const other = join(import.meta.dirname, '../../delta/test/fixtures/hermes/base-99.hbc');
  it.each([
    ['no bytecode', () => Buffer.from(APP), /no Hermes bytecode/],
    ['another bytecode version', () => readFileSync(other), /bytecode version 99/],
    ['damaged', () => readFileSync(other).subarray(0, 2000), /damaged/],
  ])('falls back when the base is %s, and says so', async (_name, base, message) => {
    const made = await compileHermes({
      base: new Uint8Array(base()),
      hermescPath,
      jsPath: write('b.js', NEXT),
      outPath: join(work, 'c.hbc'),
    });
    expect(made.against).toBe('nothing');
    expect(made.message).toMatch(message);
  });

  it('refuses bytecode that keeps debug information, and leaves nothing behind', async () => {
    const outPath = join(work, 'debug.hbc');
    await expect(
      compileHermes({ flags: ['-O', '-g'], hermescPath, jsPath: write('a.js', APP), outPath }),
    ).rejects.toMatchObject({ code: 'ERR_PUBLISH_BYTECODE' });
    expect(existsSync(outPath)).toBe(false);
  });

  it('gives the words of the compiler when the source is none, and a way on when there is no compiler', async () => {
    await expect(
      compileHermes({ hermescPath, jsPath: write('bad.js', 'var = ;'), outPath: join(work, 'bad.hbc') }),
    ).rejects.toMatchObject({ code: 'ERR_PUBLISH_HERMESC', message: expect.stringContaining('bad.js') });
    await expect(
      compileHermes({ jsPath: write('a.js', APP), outPath: join(work, 'x.hbc'), projectDirectory: work }),
    ).rejects.toMatchObject({ code: 'ERR_PUBLISH_HERMESC', message: expect.stringContaining('hermescPath') });
  });
});

describe.skipIf(!available)('structural patches of', () => {
  const compile = (name: string, source: string, flags: readonly string[]): Uint8Array => {
    const out = join(work, `${name}.hbc`);
    execFileSync(hermescPath, ['-w', '-emit-binary', ...flags, '-out', out, write(`${name}.js`, source)], {
      stdio: 'ignore',
    });
    return new Uint8Array(readFileSync(out));
  };
  const many = (count: number): string =>
    `var t = [${Array.from({ length: count }, (_, i) => `"s${i.toString(36)}x"`).join()}]; print(t.length, t.k${count});`;
  const CASES: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['an empty program', '', 'print(1);', ['-O']],
    ['debug information inside', APP, NEXT, ['-O', '-g']],
    ['no optimization', APP, NEXT, ['-O0']],
    ['more than 65,535 strings', many(66_000), many(66_010), ['-O']],
    ['wide strings only', 'print("Größe ☕", "Ärger ☂");', 'print("Größe ☕☕", "Ärger ☂", "Öl ☂");', ['-O']],
    [
      'generators and async functions',
      'function* g(){ yield 1; } print(g().next().value);',
      'function* g(){ yield 1; yield "two"; } print(g().next().value);',
      ['-O'],
    ],
    [
      'a very long function',
      `print(${Array.from({ length: 3000 }, (_, i) => `f${i}(${i})`).join()});`,
      `print(${Array.from({ length: 3001 }, (_, i) => `f${i}(${i})`).join()});`,
      ['-O'],
    ],
  ];

  it.each(CASES)(
    '%s',
    async (name, before, after, flags) => {
      const id = name.replaceAll(/\W+/g, '-');
      const base = compile(`${id}-1`, before, flags);
      const target = compile(`${id}-2`, after, flags);
      // Debug information is not predicted; a generic format may carry it in less.
      const anyFormat = name === 'debug information inside';
      const { bytes, format } = await createPatch(base, target, anyFormat ? {} : { formats: ['kvh1'] });
      expect(await applyPatch(base, bytes)).toEqual(target);
      if (!anyFormat) expect(format).toBe('kvh1');
      expect(bytes.length).toBeLessThan(Math.max(700, target.length * 0.02));
    },
    60_000,
  );

  it('CommonJS modules, by whichever format is right', async () => {
    const folder = mkdtempSync(join(work, 'cjs-'));
    const build = (label: string): Uint8Array => {
      writeFileSync(join(folder, 'main.js'), `print(require('./other.js').value, "${label}");`);
      writeFileSync(join(folder, 'other.js'), 'exports.value = 42;');
      const out = join(folder, `${label}.hbc`);
      execFileSync(
        hermescPath,
        ['-w', '-O', '-emit-binary', '-commonjs', '-out', out, 'main.js', 'other.js'],
        { cwd: folder, stdio: 'ignore' },
      );
      return new Uint8Array(readFileSync(out));
    };
    const [base, target] = [build('first'), build('second')];
    const { bytes } = await createPatch(base, target);
    expect(await applyPatch(base, bytes)).toEqual(target);
  });
});
