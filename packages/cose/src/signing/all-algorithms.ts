import { es256 } from '../algorithm/es256.ts';
import type { CoseAlgorithm, SignatureAlgorithm } from '../algorithm/signature-algorithm.ts';
import { ed25519 } from '../ed25519.ts';

/** Every algorithm of this package: for the publishing side, where size does not matter. */
export const ALL_ALGORITHMS: readonly SignatureAlgorithm[] = [es256, ed25519];

/** @throws RangeError for a name that no algorithm has */
export function algorithmOf(name: CoseAlgorithm): SignatureAlgorithm {
  const found = ALL_ALGORITHMS.find((algorithm) => algorithm.name === name);
  if (found === undefined)
    throw new RangeError(`Expected the algorithm ES256 or Ed25519, got ${JSON.stringify(name)}`);
  return found;
}
