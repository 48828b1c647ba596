// Every public code of the client, of decisions and of the boot has its line in the guide, and the guide has no others.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = readFileSync(join(ROOT, 'docs/guide/troubleshooting.md'), 'utf8');

/** The string literals of an exported union type, with the unions of its own file that it names. */
function union(file: string, name: string): string[] {
  const path = join(ROOT, file);
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022);
  const found: string[] = [];
  const visit = (node: ts.TypeNode): void => {
    if (ts.isUnionTypeNode(node)) node.types.forEach(visit);
    else if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) found.push(node.literal.text);
  };
  for (const statement of source.statements)
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === name) visit(statement.type);
  expect(found.length, `${name} in ${file}`).toBeGreaterThan(1);
  return found;
}

const CODES = [
  ...union('packages/client/src/error.ts', 'ClientErrorCode'),
  // packages/client-react-native/src/create-ota.ts, for what has no code.
  'ERR_UNKNOWN',
  ...union('packages/client/src/events.ts', 'PatchFallbackReason'),
  ...union('packages/rollout/src/decide.ts', 'ReasonCode'),
  ...union('packages/lifecycle/src/decide-boot.ts', 'BootReasonCode'),
  ...union('packages/lifecycle/src/classify-exit.ts', 'Exit'),
  ...union('packages/client-react-native/src/native/native-module.ts', 'NativeBootReason'),
  ...union('packages/lifecycle/src/error.ts', 'LifecycleErrorCode'),
];
const LINES = [...GUIDE.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]);

it.each(CODES)('%s has one line', (code) => {
  expect(LINES.filter((line) => line === code)).toHaveLength(1);
});

it('the guide names no code that does not exist', () => {
  expect(LINES.filter((line) => !CODES.includes(line as string))).toEqual([]);
});

it('every error code of every package has a line in the guide, or in the table of a package that the guide leads to', () => {
  const packages = [...GUIDE.matchAll(/\.\.\/packages\/([a-z0-9-]+)\/README\.md/g)].map((match) => match[1]);
  const tables = packages.map((name) => readFileSync(join(ROOT, `packages/${name}/README.md`), 'utf8'));
  const lines = [GUIDE, ...tables].flatMap((text) => text.split('\n')).filter((line) => line.startsWith('|'));
  const told = new Set(
    lines.flatMap((line) => [...line.matchAll(/`(ERR_[A-Z0-9_]+)`/g)].map(([, code]) => code)),
  );
  const used = new Set<string>();
  for (const entry of readdirSync(join(ROOT, 'packages'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/packages\/[a-z0-9-]+\/src\/.*\.ts$/.test(path) || path.includes('node_modules'))
      continue;
    for (const [, code] of readFileSync(path, 'utf8').matchAll(/'(ERR_[A-Z0-9_]*[A-Z0-9])'/g))
      used.add(code as string);
  }
  expect(used.size).toBeGreaterThan(100);
  expect([...used].filter((code) => !told.has(code))).toEqual([]);
});
