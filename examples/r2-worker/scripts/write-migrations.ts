// `pnpm --filter example-r2-worker migrations`: the schema of database-sql as files for `wrangler d1 migrations apply`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrationFiles } from '../src/migration-files.ts';

const folder = join(import.meta.dirname, '../migrations');
mkdirSync(folder, { recursive: true });
for (const { name, text } of migrationFiles()) writeFileSync(join(folder, name), text);
