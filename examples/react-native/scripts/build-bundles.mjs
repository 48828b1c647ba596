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

const DENSITIES = { 0.75: 'ldpi', 1: 'mdpi', 1.5: 'hdpi', 2: 'xhdpi', 3: 'xxhdpi', 4: 'xxxhdpi' };

/** Lays assets out where React Native's resolver looks for them beside a bundle that was not shipped with the app. */
function copyAssets(assets, platform, folder) {
  for (const { files, httpServerLocation, name, scales, type } of assets) {
    const path = httpServerLocation.replace(/^\//, '').replaceAll('../', '_');
    files.forEach((file, i) => {
      const scale = scales[i];
      const id = `${path}/${name}`
        .toLowerCase()
        .replaceAll('/', '_')
        .replace(/[^a-z0-9_]/g, '')
        .replace(/^(assets|assetsunstable_path)_/, '');
      const target =
        platform === 'android'
          ? join(folder, `drawable-${DENSITIES[scale]}`, `${id}.${type}`)
          : join(folder, path, `${name}${scale === 1 ? '' : `@${scale}x`}.${type}`);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(file, target);
    });
  }
}

/** Sources of the app and of the variant, and the lockfile: what a bundle follows from. */
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
  for (const name of [
    'index.js',
    'src',
    'assets',
    'package.json',
    'scripts',
    join('variants', variant),
    '../../pnpm-lock.yaml',
  ])
    add(join(APP, name));
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
