// `pnpm --filter example-dashboard build [/path/of/the/server/]`: the page as three files in dist/, for whatever serves files.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPage } from './build-page.ts';

const folder = join(import.meta.dirname, '../dist');
await mkdir(folder, { recursive: true });
for (const [name, { bytes }] of await buildPage(process.argv[2] ?? '/ota/')) {
  await writeFile(join(folder, name), bytes);
  console.log(`dist/${name}  ${bytes.length} bytes`);
}
