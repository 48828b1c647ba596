// Writes docs/spec/vectors/{es256,sign1}.json:
// node --conditions=@kivyx-ota/source --import tsx packages/cose/scripts/make-vectors.ts
import { writeFileSync } from 'node:fs';
import { es256Vectors } from './es256-vectors.ts';
import { sign1Vectors } from './sign1-vectors.ts';

for (const [name, vectors] of [
  ['es256', es256Vectors()],
  ['sign1', await sign1Vectors()],
] as const) {
  const file = new URL(`../../../docs/spec/vectors/${name}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(vectors, undefined, 2)}\n`);
}
