// Cloudflare on your machine: a Worker in workerd, R2 and D1 in their simulators.
import type { ObjectStorage } from '@kivyx-ota/storage';
import { r2Storage } from '@kivyx-ota/storage-r2';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A running one. */
export interface LocalCloud {
  /** Of the Worker, with the slash. */
  readonly url: string;
  /** The bucket behind it. */
  readonly storage: ObjectStorage;
  close(): Promise<void>;
}

/** What to start; without anything the Worker of the static mode, on a free port. */
export interface LocalCloudOptions {
  readonly port?: number;
  /** Starts the dynamic mode, with these variables and secrets. */
  readonly dynamic?: Readonly<Record<string, string>>;
}

/** Bundles a Worker as `wrangler` would and starts it. Everything is gone when it is closed. */
export async function startLocalCloud({ dynamic, port = 0 }: LocalCloudOptions = {}): Promise<LocalCloud> {
  const { outputFiles } = await build({
    bundle: true,
    conditions: ['@kivyx-ota/source', 'workerd'],
    entryPoints: [join(import.meta.dirname, dynamic === undefined ? 'worker.ts' : 'dynamic-worker.ts')],
    format: 'esm',
    mainFields: ['module', 'main'],
    target: 'es2022',
    write: false,
  });
  const miniflare = new Miniflare({
    compatibilityDate: '2026-04-01',
    host: '127.0.0.1',
    modules: true,
    port,
    r2Buckets: ['BUCKET'],
    script: outputFiles[0]?.text ?? '',
    ...(dynamic === undefined ? {} : { bindings: dynamic, d1Databases: ['DB'] }),
  });
  if (dynamic !== undefined) {
    const database = await miniflare.getD1Database('DB');
    const folder = join(import.meta.dirname, '../migrations');
    for (const name of readdirSync(folder).sort())
      await database.exec(readFileSync(join(folder, name), 'utf8'));
  }
  return {
    close: () => miniflare.dispose(),
    storage: r2Storage({ bucket: await miniflare.getR2Bucket('BUCKET') }),
    url: (await miniflare.ready).href,
  };
}
