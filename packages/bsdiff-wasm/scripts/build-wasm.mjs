// Compiles assembly/ and writes src/wasm-module.ts. With --check it only compares (used by a test).
import asc from 'assemblyscript/asc';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('..', import.meta.url);
const files = new Map();
const { error, stderr } = await asc.main(
  [
    'assembly/index.ts',
    '--outFile',
    'out.wasm',
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--use',
    'abort=',
    '--enable',
    'bulk-memory',
  ],
  {
    readFile: (name, base) => {
      try {
        return readFileSync(new URL(name, new URL(`${base}/`, folder)), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (name, contents) => {
      files.set(name, contents);
    },
    listFiles: () => [],
  },
);
if (error) {
  console.error(`${error.message}\n${stderr.toString()}`);
  process.exit(1);
}
const base64 = Buffer.from(files.get('out.wasm')).toString('base64');
const lines = base64.replace(/.{1,100}/g, "  '$&',\n");
const text = `// Made from assembly/ by scripts/build-wasm.mjs; a test rebuilds it and compares.\n\n/** The module, ${Buffer.from(base64, 'base64').length} bytes, in Base64. */\nexport const WASM_BASE64: string = [\n${lines}].join('');\n`;
const target = fileURLToPath(new URL('src/wasm-module.ts', folder));
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/wasm-module.ts is not what assembly/ compiles to. Run: node scripts/build-wasm.mjs');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
