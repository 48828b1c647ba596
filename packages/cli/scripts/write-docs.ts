// Writes docs/cli.md from the commands' own help. Usage: node --conditions=@kivyx-ota/source --import tsx scripts/write-docs.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineDocument } from '../src/command-line-document.ts';

writeFileSync(join(import.meta.dirname, '../../../docs/cli.md'), commandLineDocument());
