import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workspace.mjs';

function sourcesOf(name: string): string {
  // The cases that every storage runs are exported by a package of tests.
  const folder = join(ROOT, 'packages', name, name === 'runtime-tests' ? 'src' : 'test');
  if (!existsSync(folder)) return '';
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

/** The `package › title` references of a page, and those of them that stand in no test of that package. */
export function namedTests(page: string): {
  readonly count: number;
  readonly missing: readonly { readonly name: string; readonly title: string }[];
} {
  const references = [...page.matchAll(/`([a-z0-9-]+) › ([^`]+)`/g)].map(([, name, title]) => ({
    name: name as string,
    title: title as string,
  }));
  const sources = new Map(
    [...new Set(references.map(({ name }) => name))].map((name) => [name, sourcesOf(name)]),
  );
  const missing = references.filter(({ name, title }) => !sources.get(name)?.includes(title));
  return { count: references.length, missing };
}
