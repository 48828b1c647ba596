// Writes docs/spec/vectors/documents.json; a test compares.
import { writeFileSync } from 'node:fs';
import { documentVectors } from './document-vectors.ts';

writeFileSync(
  new URL('../../../docs/spec/vectors/documents.json', import.meta.url),
  `${JSON.stringify(await documentVectors(), null, 1)}\n`,
);
