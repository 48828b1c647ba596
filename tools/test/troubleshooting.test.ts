// Every public code of the client, of decisions and of the boot has its line in the guide, and the guide has no others.
import { readFileSync } from 'node:fs';
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
