// Writes docs/spec/schema; a test compares.
import { writeFileSync } from 'node:fs';
import { jsonSchemas } from './json-schemas.ts';

for (const [name, text] of Object.entries(jsonSchemas())) {
  writeFileSync(new URL(`../../../docs/spec/schema/${name}`, import.meta.url), text);
}
