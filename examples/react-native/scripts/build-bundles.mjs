// Bundles the app with Metro and compiles it with the Hermes compiler, as React Native's own build does.
// Usage: node scripts/build-bundles.mjs [--out DIR] [--platform android,ios] [--variants baseline,one-line,…] [--js-only]
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lockedPackages } from './locked-packages.mjs';
import { APP, metroConfig } from './metro-config.mjs';

const require = createRequire(import.meta.url);
const COMPILER_FOLDER = { darwin: 'osx-bin', linux: 'linux64-bin', win32: 'win64-bin' }[process.platform];

export const VARIANTS = [
  'baseline',
  'one-line',
  'one-line-report',
  'component',
  'two-screens',
  'axios-bump',
  'paper-bump',
  'react-native-before',
];

/** Path of the Hermes compiler that React Native 0.88 uses; undefined where npm has none for this machine. */
export function hermesCompiler() {
  if (COMPILER_FOLDER === undefined) return undefined;
  const path = join(
    dirname(require.resolve('hermes-compiler/package.json')),
    'hermesc',
    COMPILER_FOLDER,
    process.platform === 'win32' ? 'hermesc.exe' : 'hermesc',
  );
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return path;
  } catch {
    return undefined;
  }
}

/**
 * Builds one variant; gives the folder with `main.jsbundle` (JavaScript) and its assets. Cached by the content of everything that goes in.
 */
export async function bundleVariant(variant, platform, out) {
  const folder = join(out, platform, variant);
  const stamp = join(folder, '.stamp');
  const key = inputKey(variant);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return folder;
  rmSync(folder, { force: true, recursive: true });
  mkdirSync(folder, { recursive: true });
  const Metro = require('metro');
  await Metro.runBuild(metroConfig(variant), {
    assets: true,
    dev: false,
    entry: 'index.js',
    minify: false,
    out: join(folder, 'main.jsbundle'),
    platform,
  }).then(({ assets }) => copyAssets(assets ?? [], platform, folder));
  if (existsSync(join(folder, 'main.jsbundle.js'))) {
    cpSync(join(folder, 'main.jsbundle.js'), join(folder, 'main.jsbundle'));
    rmSync(join(folder, 'main.jsbundle.js'));
  }
  writeFileSync(stamp, key);
  return folder;
}

/** Compiles JavaScript to bytecode with React Native's flags (`-output-source-map` strips debug info), against a base if given. */
export function compileHermes(js, out, base) {
  const compiler = hermesCompiler();
  const flags = ['-emit-binary', '-max-diagnostic-width=80', '-O', '-output-source-map', '-w'];
  execFileSync(
    compiler,
    [...flags, ...(base === undefined ? [] : ['-base-bytecode', base]), '-out', out, js],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  rmSync(`${out}.map`, { force: true });
}

/** Lays assets out with React Native's own code, so that nothing here has an opinion of its own. */
async function copyAssets(assets, platform, folder) {
  const reactNative = createRequire(require.resolve('react-native/package.json'));
  const plugin = dirname(reactNative.resolve('@react-native/community-cli-plugin/package.json'));
  const { default: saveAssets } = require(join(plugin, 'dist/commands/bundle/saveAssets.js'));
  await saveAssets(assets, platform, folder);
}

/** Source folders of the workspace's packages that `manifest` brings, and that those bring. */
function packageSources(manifest, found = new Set()) {
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
  for (const name of Object.keys(dependencies).sort()) {
    if (!name.startsWith('@kivyx-ota/')) continue;
    const folder = join(APP, '../../packages', name.slice('@kivyx-ota/'.length));
    if (found.has(join(folder, 'src'))) continue;
    found.add(join(folder, 'src'));
    packageSources(join(folder, 'package.json'), found);
  }
  return found;
}

/** Sources of the app, of the variant and of the workspace's packages, and its part of the lockfile: what a bundle follows from. */
function inputKey(variant) {
  const hash = createHash('sha256').update(variant).update(process.version);
  const add = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name));
    } else {
      hash.update(relative(APP, path)).update(readFileSync(path));
    }
  };
  for (const folder of packageSources(join(APP, 'package.json'))) add(folder);
  for (const name of ['index.js', 'src', 'assets', 'babel.config.cjs', 'scripts', join('variants', variant)])
    add(join(APP, name));
  const lockfile = readFileSync(join(APP, '../../pnpm-lock.yaml'), 'utf8');
  const isBundled = (name) =>
    !/^(?:@kivyx-ota|@hot-updater)\/|^(?:bsdiff-node|esbuild|font-.*|hermes-.*)$/.test(name);
  for (const id of lockedPackages(lockfile, 'examples/react-native', isBundled)) hash.update(id);
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const option = (name, fallback) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? fallback : process.argv[at + 1];
  };
  const out = option('out', fileURLToPath(new URL('../.cache/bundles', import.meta.url)));
  for (const platform of option('platform', 'android').split(',')) {
    let base;
    for (const variant of option('variants', VARIANTS.join()).split(',')) {
      const started = Date.now();
      const folder = await bundleVariant(variant, platform, out);
      if (process.argv.includes('--js-only')) continue;
      const js = join(folder, 'main.jsbundle');
      for (const [kind, against] of [
        ['plain', undefined],
        ['base', base],
      ]) {
        if (kind === 'base' && base === undefined) continue;
        compileHermes(js, join(folder, `${kind}.hbc`), against);
        console.log(
          `${platform} ${variant} ${kind}: ${statSync(join(folder, `${kind}.hbc`)).size} bytes, ${((Date.now() - started) / 1000).toFixed(1)} s`,
        );
      }
      base ??= join(folder, 'plain.hbc');
    }
  }
}
