// `pnpm --filter example-express start`: the control plane, from the environment (settings.ts).
import type { AddressInfo } from 'node:net';
import { createApp } from './create-app.ts';
import { openDatabase } from './open-database.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const { database, close } = await openDatabase(settings.databaseUrl);
const server = createApp(settings, database).listen(settings.port, () => {
  const { port } = server.address() as AddressInfo;
  console.log(`Updates at http://127.0.0.1:${port}/ota/`);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    // What is being answered is answered; then the database goes.
    server.close(() => void close());
    server.closeIdleConnections();
  });
