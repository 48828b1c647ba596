// `pnpm --filter example-express start`: the control plane, from the environment (settings.ts).
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createApp } from './create-app.ts';
import { openDatabase } from './open-database.ts';
import { readSettings } from './settings.ts';

try {
  const settings = readSettings(process.env);
  const { database, close } = await openDatabase(settings.databaseUrl);
  const server = createApp(settings, database).listen(settings.port);
  await once(server, 'listening').catch((error: unknown) => close().then(() => Promise.reject(error)));
  console.log(`Updates at http://127.0.0.1:${(server.address() as AddressInfo).port}/ota/`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      // What is being answered is answered; then the database goes.
      server.close(() => void close());
      server.closeIdleConnections();
    });
} catch (error) {
  // A setting, the database or the port: one line says which.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
