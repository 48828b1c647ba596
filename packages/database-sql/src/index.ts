export { sqlDatabase, type SqlDatabaseOptions } from './sql-database.ts';
export { migrate, type MigrateOptions } from './migrate.ts';
export { sqlMigrations, type SqlMigration } from './migrations.ts';
export { type D1Answer, type D1Binding, d1Dialect, type D1Statement } from './d1-dialect.ts';
export type { SqlDialectName } from './tables.ts';
export { reusedStatements } from './reused-statements.ts';
