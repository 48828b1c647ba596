// What the other tools ask about the workspace: which packages there are and what they name.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const SCOPE = '@kivyx-ota/';

/** Every package below `packages/` with its parsed package.json, sorted by folder name. */
export function listPackages(root = ROOT) {
  const folder = join(root, 'packages');
  return readdirSync(folder)
    .sort()
    .filter((name) => existsSync(join(folder, name, 'package.json')))
    .map((name) => {
      const dir = join(folder, name);
      return { name, dir, json: JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) };
    });
}

/** Folder names of the workspace packages that `json` depends on at run time (development ones by request). */
export function workspaceDependencies(json, { dev = false } = {}) {
  const all = {
    ...json.dependencies,
    ...json.peerDependencies,
    ...json.optionalDependencies,
    ...(dev ? json.devDependencies : {}),
  };
  return Object.keys(all)
    .filter((name) => name.startsWith(SCOPE))
    .map((name) => name.slice(SCOPE.length))
    .sort();
}
