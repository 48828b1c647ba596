import { getRequestListener } from '@hono/node-server';
import { createLocalSigner } from '@kivyx-ota/cose/sign';
import type { OtaDatabase } from '@kivyx-ota/database';
import { createOtaServer } from '@kivyx-ota/server';
import { fsStorage } from '@kivyx-ota/storage-fs';
import express, { type Express } from 'express';
import { clickhouseSink } from './clickhouse-sink.ts';
import type { Settings } from './settings.ts';

/** The whole server: your routes, and the control plane under `/ota`. */
export function createApp(settings: Omit<Settings, 'databaseUrl' | 'port'>, database: OtaDatabase): Express {
  const ota = createOtaServer({
    database,
    deviceSecret: settings.deviceSecret,
    ...(settings.clickhouseUrl === undefined ? {} : { eventSink: clickhouseSink(settings.clickhouseUrl) }),
    epoch: settings.epoch ?? 0,
    // A release that crashes is paused; the line is for whoever is to look at it.
    guardrail: {
      onPause: ({ judgement: { exposed, failed }, release, scope }) =>
        console.warn(
          JSON.stringify({ event: 'guardrail-pause', exposed, failed, scope, version: release.version }),
        ),
      ...settings.guardrail,
    },
    onError: (error) => console.error(error),
    project: settings.project,
    releaseKeys: settings.releaseKeyPems,
    signer: createLocalSigner(settings.indexKeyPem),
    storage: fsStorage({ directory: settings.directory }),
  });

  const app = express();
  app.disable('x-powered-by');
  // Behind one proxy the client's address is the proxy's word; set to the number of proxies in front.
  app.set('trust proxy', Number(process.env['TRUST_PROXY'] ?? 0));
  app.get('/', (_request, response) => {
    response.type('text').send('An app of your own; updates are under /ota\n');
  });
  app.use('/ota', (request, response) => {
    const { ip } = request;
    void getRequestListener(
      // Express has cut `/ota` off the URL, as the control plane expects.
      (asked) => ota.handle(asked, ip === undefined ? {} : { address: ip }),
      { overrideGlobalObjects: false },
    )(request, response);
  });
  return app;
}
