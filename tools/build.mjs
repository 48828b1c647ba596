// Builds every package: JavaScript by tsup, declarations by `tsc -b`.
// One JavaScript file per entry of `exports`, shared code in chunks; dependencies stay imports.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'tsup';
import { listPackages, ROOT } from './workspace.mjs';

const only = process.argv.slice(2);
const types = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b'], {
  cwd: ROOT,
  stdio: 'inherit',
});
if (types.status !== 0) process.exit(types.status ?? 1);

/**
 * esbuild leaves `import "./chunk-….js"` where an entry takes nothing from a chunk that another one loads. Our packages have no
 * side effects, so it does nothing there, and every bundler of an app would warn that it ignores it. The line stays, for the map.
 */
const withoutBareImports = {
  name: 'without-bare-imports',
  renderChunk: (code, { map }) => ({ code: code.replaceAll(/^import "\.\.?\/[^"]+";$/gm, ''), map }),
};

for (const { dir, json, name } of listPackages()) {
  if (json.sideEffects !== false && !json.private)
    throw new Error(`packages/${name}: "sideEffects" is false here`);
  if (json.private || (only.length > 0 && !only.includes(name))) continue;
  const entry = Object.fromEntries(
    Object.values(json.exports)
      .filter((target) => typeof target === 'object')
      .map((target) => [
        target.default.replace(/^\.\/dist\/|\.js$/g, ''),
        join(dir, target['@kivyx-ota/source']),
      ]),
  );
  await build({
    clean: false,
    config: false,
    dts: false,
    entry,
    // Named numbers become numbers: an app's bundler does not see across files that they are constant.
    esbuildOptions: (options) => {
      options.minifySyntax = true;
    },
    format: ['esm'],
    outDir: join(dir, 'dist'),
    platform: 'neutral',
    plugins: [withoutBareImports],
    external: [/^[^./]/],
    silent: true,
    sourcemap: true,
    splitting: true,
    target: 'es2022',
    treeshake: false,
    tsconfig: join(dir, 'tsconfig.json'),
  });
}
console.log(`built ${only.length > 0 ? only.join(', ') : 'every package'}`);
