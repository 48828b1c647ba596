// `npm start`: installs only what the quickstart needs (no React Native, no test tools) and runs it.
import { pnpm, requireNode } from './pnpm.mjs';

requireNode();
console.log('Installing what the quickstart needs …');
pnpm(['install', '--frozen-lockfile', '--prefer-offline', '--filter', 'quickstart...'], { quiet: true });
pnpm(['--silent', '--filter', 'quickstart', 'run', 'demo', ...process.argv.slice(2)]);
