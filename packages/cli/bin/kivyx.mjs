#!/usr/bin/env node
import { main } from '@kivyx-ota/cli/main';

// Who reads the first lines only (`kivyx log | head`) is no failure, and what was begun is brought to its end.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main(process.argv);
