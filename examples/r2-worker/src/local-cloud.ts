// Cloudflare on your machine: the Worker in workerd, R2 in its simulator.
import type { ObjectStorage } from '@kivyx-ota/storage';
import { r2Storage } from '@kivyx-ota/storage-r2';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { join } from 'node:path';

/** A running one. */
export interface LocalCloud {
  /** Of the Worker, with the slash. */
  readonly url: string;
  /** The bucket behind it. */
  readonly storage: ObjectStorage;
  close(): Promise<void>;
}

/** Bundles the Worker as `wrangler` would and starts it. Everything is gone when it is closed. */
export async function startLocalCloud({ port = 0 }: { readonly port?: number } = {}): Promise<LocalCloud> {
  const { outputFiles } = await build({
    bundle: true,
    conditions: ['@kivyx-ota/source', 'workerd'],
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    format: 'esm',
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
  });
  return {
    close: () => miniflare.dispose(),
    storage: r2Storage({ bucket: await miniflare.getR2Bucket('BUCKET') }),
    url: (await miniflare.ready).href,
  };
}
