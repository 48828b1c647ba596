// `npm test`: installs everything that is pinned and runs every check.
import { pnpm, requireNode } from './pnpm.mjs';

requireNode();
pnpm(['install', '--frozen-lockfile', '--prefer-offline']);
pnpm(['run', '--silent', 'check', ...process.argv.slice(2)]);
