import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { apiDocument } from '../scripts/api-document.ts';
import { ROUTES } from '../src/http/routes.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/api.md'), 'utf8');

it('docs/api.md is what the OpenAPI document says (packages/server/scripts/write-docs.ts writes it)', () => {
  expect(page).toBe(apiDocument());
});

it('docs/api.md has every route', () => {
  for (const { method, path } of Object.values(ROUTES))
    expect(page).toContain(`### \`${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}\``);
});
