// `pnpm --filter example-dashboard local`: a control plane that has something to show, and the page on it.
import type { AddressInfo } from 'node:net';
import { createSite } from './create-site.ts';
import { startSampleServer } from './sample-server.ts';

const { apiKey, handle, readKey } = await startSampleServer();
const site = await createSite(handle);
site.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  const { port } = site.address() as AddressInfo;
  console.log(`http://127.0.0.1:${port}/dashboard/#cafe/android/production`);
  console.log(`Key that may do everything: ${apiKey}`);
  console.log(`Key that may look:          ${readKey}`);
  console.log('Ctrl-C ends it; nothing is kept.');
});
process.once('SIGINT', () => {
  site.closeAllConnections();
  site.close();
});
