import { expect } from 'vitest';
import { createLocalSigner, generateKeyPair, type Signer } from '@kivyx-ota/cose/sign';
import type { TrustRoot } from '@kivyx-ota/manifest';
import { signTrustRoot } from '@kivyx-ota/manifest/sign';

/** Keys 0 … 7; 6 is the release key and 7 the index key of every sample. */
export const pairs = Array.from({ length: 8 }, () => generateKeyPair());

export const pairOf = (i: number): (typeof pairs)[number] => pairs[i] as (typeof pairs)[number];
export const signerOf = (i: number): Signer => createLocalSigner(pairOf(i).privateKeyPem);
export const kidOf = (i: number): string => pairOf(i).publicKey.kidHex;
export const code = (value: string): unknown => expect.objectContaining({ code: value, name: 'OtaError' });

/** A root of version `version` with root keys `rootKeys` (numbers of {@link pairs}), valid from 1000 to 2000 s. */
export function sampleRoot(
  version: number,
  rootKeys: readonly number[],
  threshold: number,
  change: Partial<TrustRoot> = {},
): TrustRoot {
  const kids = (list: readonly number[]): string[] => list.map(kidOf).toSorted();
  return {
    expiresAtSeconds: 2000,
    issuedAtSeconds: 1000,
    keys: [...new Set([...rootKeys, 6, 7])]
      .map((i) => pairOf(i).publicKey)
      .toSorted((a, b) => (a.kidHex < b.kidHex ? -1 : 1)),
    project: 'acme',
    revokedReleaseIds: [],
    roles: {
      index: [{ kidHexes: kids([7]), threshold: 1 }],
      release: { kidHexes: kids([6]), threshold: 1 },
      root: { kidHexes: kids(rootKeys), threshold },
    },
    version,
    ...change,
  };
}

export const signRoot = async (document: TrustRoot, by: readonly number[]): Promise<Uint8Array> =>
  (await signTrustRoot(document, by.map(signerOf))).envelope;
