// Writes docs/spec/vectors/lifecycle-boot.json and .txt: what every implementation of the boot code has to agree with. The inputs
// are chosen in ./vectors, the outcomes are this package's; a change of behaviour shows as a diff.
import { writeFileSync } from 'node:fs';
import { buildVectors } from './vectors/build-vectors.ts';
import { toJsonForm } from './vectors/json-form.ts';
import { toLineForm } from './vectors/line-form.ts';

const folder = new URL('../../../docs/spec/vectors/', import.meta.url);
const vectors = buildVectors();
writeFileSync(new URL('lifecycle-boot.json', folder), toJsonForm(vectors));
writeFileSync(new URL('lifecycle-boot.txt', folder), toLineForm(vectors));
const { boots, cleanUps, markers, records } = vectors;
console.log(
  `boots ${boots.length}, records ${records.length}, markers ${markers.length}, clean-ups ${cleanUps.length}`,
);
