import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Two files, and what tells them from all others. */
export interface Pair {
  readonly basePath: string;
  readonly targetPath: string;
  readonly base: Uint8Array;
  readonly target: Uint8Array;
  readonly hashHex: string;
}

/** Reads both files. */
export function readPair(basePath: string, targetPath: string): Pair {
  const [base, target] = [basePath, targetPath].map((path) => new Uint8Array(readFileSync(path))) as [
    Uint8Array,
    Uint8Array,
  ];
  const hash = createHash('sha256');
  for (const bytes of [base, target]) hash.update(createHash('sha256').update(bytes).digest());
  return { base, basePath, hashHex: hash.digest('hex'), target, targetPath };
}
