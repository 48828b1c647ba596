// `pnpm --filter example-express admin-key -- <label> <scope>…`: makes an API key and prints it once.
import { createApiKey } from '@kivyx-ota/server';
import { openDatabase } from './open-database.ts';

const [label, ...scopes] = process.argv.slice(2).filter((word) => word !== '--');
const known = ['read', 'rollout', 'publish', 'keys'] as const;
const wanted = known.filter((scope) => scopes.includes(scope));
if (label === undefined || wanted.length === 0 || wanted.length !== scopes.length) {
  console.error(`Usage: admin-key <label> <scope>…   scopes: ${known.join(', ')}`);
  process.exit(2);
}
const { database, close } = await openDatabase(process.env['DATABASE_URL'] ?? 'sqlite:ota.db');
const { key } = await createApiKey(
  database,
  { label, scopes: wanted },
  { actor: 'admin-key', nowMs: Date.now() },
);
console.log(key);
await close();
