import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findViolations } from '../check-arrows.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kivyx-arrows-'));
});
afterEach(() => {
  rmSync(root, { force: true, recursive: true });
});

function addPackage(name: string, dependencies: string[], files: Record<string, string> = {}): void {
  const dir = join(root, 'packages', name);
  mkdirSync(join(dir, 'src'), { recursive: true });
  const entries = dependencies.map((dependency) => [`@kivyx-ota/${dependency}`, 'workspace:^']);
  writeFileSync(
    join(dir, 'package.json'),
    JSON.stringify({ dependencies: Object.fromEntries(entries), name: `@kivyx-ota/${name}` }),
  );
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(dir, 'src', file, '..'), { recursive: true });
    writeFileSync(join(dir, 'src', file), text);
  }
}

describe('the arrow rule', () => {
  it('accepts this repository', () => {
    expect(findViolations()).toEqual([]);
  });

  it('refuses an arrow that points up', () => {
    addPackage('client', []);
    addPackage('core', ['client']);
    expect(findViolations(root)).toEqual([
      expect.stringContaining('arrow points up, core (floor 0) → client (floor 2)'),
    ]);
  });

  it('refuses adapter → adapter', () => {
    addPackage('storage-fs', []);
    addPackage('storage-s3', ['storage-fs']);
    expect(findViolations(root)).toEqual([
      expect.stringContaining('adapter → adapter, storage-s3 → storage-fs'),
    ]);
  });

  it('refuses an undeclared import, also when the package.json is innocent', () => {
    addPackage('manifest', []);
    addPackage('cose', [], { 'index.ts': `import { x } from '@kivyx-ota/manifest';` });
    expect(findViolations(root)).toEqual([
      expect.stringContaining('imports @kivyx-ota/manifest, not in package.json'),
      expect.stringContaining('cose → manifest on the same floor'),
    ]);
  });

  it('refuses anything on top of cli, unknown packages and reaching into a neighbour by path', () => {
    addPackage('cli', []);
    addPackage('expo', ['cli']);
    addPackage('surprise', []);
    addPackage('core', [], { 'index.ts': `export * from '../../cli/src/index.ts';` });
    expect(findViolations(root).join('\n')).toMatch(
      /reaches outside[\s\S]*nothing may depend on cli[\s\S]*surprise: has no floor/,
    );
  });
});

describe('the circle rule', () => {
  it('refuses files that import each other, over others and by types, and names the way', () => {
    addPackage('core', [], {
      'a.ts': `import { b } from './deep/b.ts';`,
      'c.ts': `export { a } from './a.ts';`,
      'deep/b.ts': `import type { C } from '../c.ts';\nconst late = () => import('./self.ts');`,
      'deep/self.ts': `import './self.ts';`,
    });
    const [a, b, c, self] = ['a', 'deep/b', 'c', 'deep/self'].map((name) => `packages/core/src/${name}.ts`);
    expect(findViolations(root)).toEqual([
      `import circle: ${a} → ${b} → ${c} → ${a}`,
      `import circle: ${self} → ${self}`,
    ]);
  });

  it('accepts two ways to one file, and what a comment says', () => {
    addPackage('core', [], {
      'a.ts': `import { b } from './b.ts';\nimport { c } from './c.ts';`,
      'b.ts': `import { c } from './c.ts';`,
      'c.ts': `// import { a } from './a.ts';\nimport { x } from './not-there.ts';`,
    });
    expect(findViolations(root)).toEqual([]);
  });
});

describe('the device rule', () => {
  it.each([
    ['node:fs', `import { readFileSync } from 'node:fs';`],
    ['TextEncoder', `export const e = new TextEncoder();`],
    ['fetch', `export const r = fetch('x');`],
    ['WebAssembly', `export const w = WebAssembly.compile(b);`],
    ['process', `export const p = process.env;`],
  ])('refuses %s in device code', (what, text) => {
    addPackage('core', [], { 'index.ts': text });
    expect(findViolations(root)).toEqual([expect.stringContaining(what)]);
  });

  it('spares comments, strings, members of the same name and entries that never reach a device', () => {
    addPackage('client', [], {
      'index.ts': `// fetch(\nexport const a = port.fetch('process.env');\n/* new TextEncoder() */`,
      'node/files.ts': `import { open } from 'node:fs/promises'; setTimeout(open, 1);`,
    });
    expect(findViolations(root)).toEqual([]);
  });

  it('also holds through the type-checker: floor 0 has no platform types', async () => {
    // A `node:` import or `TextEncoder` must not even type-check on floor 0.
    const { readFileSync } = await import('node:fs');
    const base = readFileSync(new URL('../../tsconfig.base.json', import.meta.url), 'utf8');
    expect(JSON.parse(base).compilerOptions).toMatchObject({ lib: ['ES2022'], types: [] });
    cpSync(new URL('../../tsconfig.base.json', import.meta.url), join(root, 'tsconfig.base.json'));
    writeFileSync(
      join(root, 'probe.ts'),
      `import { readFileSync } from 'node:fs';\nexport const e: unknown = [new TextEncoder(), readFileSync];\n`,
    );
    const { execFileSync } = await import('node:child_process');
    const { createRequire } = await import('node:module');
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    writeFileSync(
      join(root, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          composite: false,
          emitDeclarationOnly: false,
          declarationMap: false,
          noEmit: true,
        },
        extends: './tsconfig.base.json',
        files: ['probe.ts'],
      }),
    );
    let output = '';
    try {
      execFileSync(process.execPath, [tsc, '-p', root], { encoding: 'utf8' });
    } catch (error) {
      output = String((error as { stdout?: string }).stdout);
    }
    expect(output).toContain(`'node:fs'`);
    expect(output).toContain(`'TextEncoder'`);
  });
});
