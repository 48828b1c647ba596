import { sqlMigrations } from '@kivyx-ota/database-sql';

/** The steps of the schema as files, one statement per line: `wrangler` applies them, and remembers which. */
export function migrationFiles(): readonly { readonly name: string; readonly text: string }[] {
  return sqlMigrations.map(({ id, statements }) => ({
    name: `${id}.sql`,
    text: statements.sqlite.map((statement) => `${statement};\n`).join(''),
  }));
}
