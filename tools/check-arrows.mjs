// Holds the structural rules of the house (docs/guide/architecture.md):
//   arrows: packages depend only downwards, adapters never on each other, nothing on `cli`;
//   circles: no file of a package imports, over others, itself; types count too: who reads one file must not need the other first;
//   device: code that runs inside the app is ECMAScript only.
// Usage: node tools/check-arrows.mjs [root]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ADAPTERS, DEVICE_PACKAGES, FLOOR, ORDER_ON_FLOOR } from './floors.mjs';
import { listPackages, ROOT, SCOPE, workspaceDependencies } from './workspace.mjs';

const IMPORT = /\bfrom\s+['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]/gm;

// Names that Hermes or QuickJS do not have. Types of floor 0 already hide them; this also guards
// the packages whose Node entry brings those types in.
const PLATFORM_GLOBAL =
  /(?<![.\w'"`-])(process|Buffer|TextEncoder|TextDecoder|fetch|setTimeout|setInterval|setImmediate|queueMicrotask|crypto|URL|URLSearchParams|WebAssembly|structuredClone|atob|btoa|globalThis|AbortController|performance)(?=\s*[.([]|\s+instanceof)/g;

/** Every violation below `root`, as one line each. */
export function findViolations(root = ROOT) {
  const problems = [];
  const packages = listPackages(root);
  for (const { name, dir, json } of packages) {
    if (FLOOR[name] === undefined) {
      problems.push(`packages/${name}: has no floor; add it to tools/floors.mjs`);
      continue;
    }
    const declared = new Set(workspaceDependencies(json));
    for (const target of declared) problems.push(...arrow(name, target, `packages/${name}/package.json`));
    const imports = new Map();
    for (const file of sources(join(dir, 'src'))) {
      const where = relative(root, file);
      const targets = [];
      imports.set(file, targets);
      const text = readFileSync(file, 'utf8');
      for (const match of stripComments(text).matchAll(IMPORT)) {
        const specifier = match[1] ?? match[2] ?? match[3];
        if (specifier.startsWith('.')) targets.push(join(file, '..', specifier));
        if (specifier.startsWith(SCOPE)) {
          const target = specifier.slice(SCOPE.length).split('/')[0];
          if (target === name)
            problems.push(`${where}: imports its own package by name; use a relative path`);
          else if (!declared.has(target))
            problems.push(`${where}: imports ${SCOPE}${target}, not in package.json`);
          problems.push(...arrow(name, target, where));
        } else if (specifier.startsWith('.') && escapes(dir, file, specifier)) {
          problems.push(`${where}: reaches outside its package (${specifier})`);
        }
        if (isDeviceFile(name, dir, file) && specifier.startsWith('node:')) {
          problems.push(`${where}: device code imports ${specifier}`);
        }
      }
      if (isDeviceFile(name, dir, file)) {
        for (const match of stripStrings(stripComments(text)).matchAll(PLATFORM_GLOBAL)) {
          problems.push(`${where}: device code uses the platform global ${match[1]}`);
        }
      }
    }
    for (const circle of findCircles(imports))
      problems.push(`import circle: ${circle.map((file) => relative(root, file)).join(' → ')}`);
  }
  return [...new Set(problems)];
}

/** One circle for each import that closes one. `imports`: file → the files it names; those that are no key are passed over. */
function findCircles(imports) {
  const circles = [];
  const done = new Set();
  const walk = (file, path) => {
    if (done.has(file) || !imports.has(file)) return;
    const since = path.indexOf(file);
    if (since >= 0) {
      circles.push([...path.slice(since), file]);
      return;
    }
    for (const target of imports.get(file)) walk(target, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) walk(file, []);
  return circles;
}

function arrow(from, to, where) {
  if (FLOOR[to] === undefined) return [`${where}: depends on unknown package ${to}`];
  if (to === 'cli') return [`${where}: nothing may depend on cli`];
  if (FLOOR[to] > FLOOR[from])
    return [`${where}: arrow points up, ${from} (floor ${FLOOR[from]}) → ${to} (floor ${FLOOR[to]})`];
  if (ADAPTERS.has(from) && ADAPTERS.has(to)) return [`${where}: adapter → adapter, ${from} → ${to}`];
  if (FLOOR[to] === FLOOR[from] && !(ORDER_ON_FLOOR[from] ?? []).includes(to)) {
    return [`${where}: ${from} → ${to} on the same floor is not in tools/floors.mjs`];
  }
  return [];
}

/** Build-side entries of device packages (`diff`, `sign`, `node`, …) may use what their platform has. */
function isDeviceFile(name, dir, file) {
  const spared = DEVICE_PACKAGES[name];
  if (spared === undefined) return false;
  const inside = relative(join(dir, 'src'), file);
  return !spared.some((prefix) => inside === `${prefix}.ts` || inside.startsWith(`${prefix}/`));
}

function escapes(dir, file, specifier) {
  const target = relative(dir, join(file, '..', specifier));
  return target.startsWith('..');
}

function sources(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function stripComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/[^\n]*/g, '');
}

function stripStrings(text) {
  return text.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = findViolations(process.argv[2]);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
}
