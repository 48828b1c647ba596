import { getRequestListener } from '@hono/node-server';
import type { OtaHandler } from '@kivyx-ota/server';
import { createServer, type Server } from 'node:http';
import { buildPage } from './build-page.ts';
import { createDashboard } from './create-dashboard.ts';

/** The control plane under `/ota/` and the page under `/dashboard/`: one origin, so no other needs to be let in. */
export async function createSite(ota: OtaHandler): Promise<Server> {
  const dashboard = createDashboard(await buildPage('/ota/'), '/dashboard/');
  const listener = getRequestListener(
    (request) => {
      const page = dashboard(request);
      if (page !== undefined) return page;
      const url = new URL(request.url);
      if (!url.pathname.startsWith('/ota/')) return new Response('Not found\n', { status: 404 });
      url.pathname = url.pathname.slice('/ota'.length);
      return ota(new Request(url, request));
    },
    { overrideGlobalObjects: false },
  );
  return createServer((request, response) => void listener(request, response));
}
