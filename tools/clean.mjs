// Removes everything that is built.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './workspace.mjs';

for (const folder of ['packages', 'examples']) {
  for (const name of readdirSync(join(ROOT, folder))) {
    for (const built of ['dist', 'work', '.cache']) {
      const path = join(ROOT, folder, name, built);
      if (existsSync(path)) rmSync(path, { force: true, recursive: true });
    }
  }
}
