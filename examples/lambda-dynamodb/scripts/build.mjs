// One file for Lambda: dist/handler.mjs. Terraform zips it. The SDK comes with the runtime.
import { build } from 'esbuild';
import { join } from 'node:path';

const home = join(import.meta.dirname, '..');
const { metafile } = await build({
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  bundle: true,
  conditions: ['@kivyx-ota/source'],
  entryPoints: [join(home, 'src/handler.ts')],
  external: ['@aws-sdk/*'],
  format: 'esm',
  metafile: true,
  minify: true,
  outfile: join(home, 'dist/handler.mjs'),
  platform: 'node',
  target: 'node22',
});
for (const [file, { bytes }] of Object.entries(metafile.outputs))
  console.log(`${file}: ${(bytes / 1024).toFixed(0)} KiB`);
