// Compiles test/fixtures/hermes/{base,target}.js with the Hermes compilers of every bytecode version that has a table. The results
// are kept in the repository, so that tests need no compiler. Usage: node scripts/make-hermes-fixtures.mjs
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const fixtures = join(import.meta.dirname, '../test/fixtures/hermes');
const example = createRequire(join(import.meta.dirname, '../../../examples/react-native/package.json'));
const quickstart = createRequire(join(import.meta.dirname, '../../../examples/quickstart/package.json'));
const folderOf = (require, name) => dirname(require.resolve(`${name}/package.json`));
const COMPILERS = {
  89: join(folderOf(quickstart, 'hermes-engine-cli'), 'linux64-bin/hermesc'),
  96: join(folderOf(example, 'hermes-compiler-96'), 'hermesc/linux64-bin/hermesc'),
  98: join(folderOf(example, 'hermes-compiler-98'), 'hermesc/linux64-bin/hermesc'),
  99: join(folderOf(example, 'hermes-compiler'), 'hermesc/linux64-bin/hermesc'),
};
const RELEASE = ['-O', '-w', '-emit-binary', '-output-source-map'];

for (const [version, compiler] of Object.entries(COMPILERS)) {
  const out = (name) => join(fixtures, `${name}-${version}.hbc`);
  const compile = (source, name, flags = RELEASE) => {
    execFileSync(compiler, [...flags, '-out', out(name), join(fixtures, `${source}.js`)]);
    rmSync(`${out(name)}.map`, { force: true });
  };
  compile('base', 'base');
  compile('target', 'target');
  compile('target', 'target-on-base', [...RELEASE, '-base-bytecode', out('base')]);
  compile('base', 'base-debug', ['-O', '-w', '-g', '-emit-binary']);
  compile('target', 'target-debug', ['-O', '-w', '-g', '-emit-binary']);
}

// CommonJS modules: only this compiler does not crash over them.
for (const [name, shop] of [
  ['base', 'shop.js'],
  ['target', 'shop-after.js'],
]) {
  const folder = join(fixtures, 'commonjs');
  const work = mkdtempSync(join(tmpdir(), 'kivyx-commonjs-'));
  cpSync(join(folder, 'index.js'), join(work, 'index.js'));
  cpSync(join(folder, shop), join(work, 'shop.js'));
  const out = join(fixtures, `commonjs-${name}-96.hbc`);
  execFileSync(COMPILERS[96], ['-commonjs', '-O', '-emit-binary', '-out', out, 'index.js', 'shop.js'], {
    cwd: work,
  });
  rmSync(work, { recursive: true });
}
