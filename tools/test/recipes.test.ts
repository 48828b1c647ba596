// A recipe shows files of the examples as they are: what is quoted is compiled, linted and run by the example's own tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../workspace.mjs';

const folder = join(ROOT, 'docs/recipes');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
// Run from top to bottom by guide-examples.test.ts, instead of quoting files.
const PROGRAMS = ['own-backend.md'];
// Shown only: SQL for a warehouse.
const SHOWN = new Set(['sql', 'text']);

/** Lines without what all of them are indented by, so that a quote may begin anywhere. */
function flush(text: string): string {
  const lines = text.split('\n');
  const depth = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(depth)).join('\n');
}

/** Is `quote` in the file, line by line, wherever it is indented? */
function isQuoted(file: string, quote: string): boolean {
  const wanted = flush(quote.trimEnd()).split('\n');
  const lines = file.split('\n');
  return lines.some(
    (_, at) => flush(lines.slice(at, at + wanted.length).join('\n')).trimEnd() === wanted.join('\n'),
  );
}

describe('docs/recipes', () => {
  it('has a page for each example, and the index names every page', () => {
    const index = read('README.md');
    const named = pages.filter((name) => name !== 'README.md' && !index.includes(`(${name})`));
    expect(named).toEqual([]);
    for (const example of readdirSync(join(ROOT, 'examples'))) {
      if (existsSync(join(ROOT, 'examples', example, 'package.json')))
        expect(pages, `a recipe for examples/${example}`).toContain(`${example}.md`);
    }
  });

  it.each(pages)('%s: links lead somewhere, code is that of the files it names, commands exist', (name) => {
    const page = read(name);
    for (const [, target = ''] of page.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
      expect(existsSync(join(folder, target)), `${name} links to ${target}`).toBe(true);
    for (const [, language = '', body = ''] of page.matchAll(/```(\w*)\n([\s\S]*?)```/g)) {
      if (SHOWN.has(language) || PROGRAMS.includes(name)) continue;
      if (language === 'sh') {
        for (const line of body.trim().split('\n')) {
          const [, example, script] = /^pnpm --filter example-([\w-]+) ([\w:-]+)/.exec(line) ?? [];
          const from = example === undefined ? ROOT : join(ROOT, 'examples', example);
          const { scripts } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as {
            scripts: Record<string, string>;
          };
          const wanted = example === undefined ? /^npm (start)\b/.exec(line)?.[1] : script;
          expect(Object.keys(scripts), line).toContain(wanted);
        }
        continue;
      }
      const [, path, quote] = /^(?:\/\/|#) (\S+)\n([\s\S]+)$/.exec(body) ?? [];
      expect(path, `${name}: a block of code names its file in the first line:\n${body}`).toBeDefined();
      const file = readFileSync(join(ROOT, path as string), 'utf8');
      expect(isQuoted(file, quote as string), `${name} does not quote ${path} as it is:\n${body}`).toBe(true);
    }
  });
});
