import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const SOURCE = join(import.meta.dirname, 'page');

/** A file of the page. */
export interface PageFile {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/**
 * The page as three files, by name. `serverPath` is where the control plane is mounted on the same origin, with a slash at its end.
 */
export async function buildPage(serverPath: string): Promise<ReadonlyMap<string, PageFile>> {
  if (!/^\/(?:[\w.-]+\/)*$/.test(serverPath))
    throw new RangeError(`serverPath ${serverPath}: expected a path like /ota/`);
  const { outputFiles } = await build({
    bundle: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    entryPoints: { page: join(SOURCE, 'main.tsx') },
    format: 'esm',
    jsx: 'automatic',
    minify: true,
    outdir: SOURCE,
    target: 'es2022',
    write: false,
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('esbuild gave no file');
  const html = await readFile(join(SOURCE, 'index.html'), 'utf8');
  return new Map([
    [
      'index.html',
      {
        bytes: new TextEncoder().encode(html.replace('content="/ota/"', `content="${serverPath}"`)),
        type: 'text/html; charset=utf-8',
      },
    ],
    ['page.css', { bytes: new Uint8Array(await readFile(join(SOURCE, 'style.css'))), type: 'text/css' }],
    ['page.js', { bytes: script.contents, type: 'text/javascript' }],
  ]);
}
