// `pnpm --filter example-express admin-key -- <label> <scope>…`: makes an API key and prints it once.
import { type ApiKeyGrant, createApiKey } from '@kivyx-ota/server';
import { openDatabase } from './open-database.ts';

const [label = '', ...scopes] = process.argv.slice(2).filter((word) => word !== '--');
const { database, close } = await openDatabase(process.env['DATABASE_URL'] ?? 'sqlite:ota.db');
try {
  const grant = { label, scopes: scopes as ApiKeyGrant['scopes'] };
  const { key } = await createApiKey(database, grant, { actor: 'admin-key', nowMs: Date.now() });
  console.log(key);
} catch (error) {
  console.error(`${(error as Error).message}\nUsage: admin-key <label> <scope>…`);
  process.exitCode = 2;
} finally {
  await close();
}
