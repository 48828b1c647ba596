// Writes docs/transcript.md from a real run. Usage: node --conditions=@kivyx-ota/source --import tsx scripts/write-transcript.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transcript } from '../test/transcript.ts';

writeFileSync(join(import.meta.dirname, '../../../docs/transcript.md'), await transcript());
