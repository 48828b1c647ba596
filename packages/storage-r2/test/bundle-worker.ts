import { build } from 'esbuild';
import { join } from 'node:path';

/** One of `workers/`, with everything it imports, as workerd takes it. */
export async function bundleWorker(name: string): Promise<string> {
  const { outputFiles } = await build({
    bundle: true,
    conditions: ['@kivyx-ota/source'],
    entryPoints: [join(import.meta.dirname, 'workers', name)],
    external: ['node:*'],
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return (outputFiles[0] as { text: string }).text;
}
