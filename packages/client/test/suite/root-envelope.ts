import type { Signer } from '@kivyx-ota/cose/sign';
import type { TrustRoot } from '@kivyx-ota/manifest';
import { signTrustRoot } from '@kivyx-ota/manifest/sign';
import { KEY, OTHER_KEY, START_MS } from './world.ts';

/** What is special about a root. */
export interface Roles {
  readonly index?: Signer;
  /** Signs indexes too, but of channel beta only. */
  readonly betaIndex?: Signer;
  readonly release?: Signer;
  readonly revokedReleaseIds?: readonly string[];
  readonly version?: number;
}

/** A root that follows the bare key; the roles are KEY's where nothing else is said. */
export async function rootEnvelope({
  betaIndex,
  index = KEY,
  release = KEY,
  revokedReleaseIds = [],
  version = 1,
}: Roles): Promise<Uint8Array> {
  const keys = [await KEY.publicKey(), await OTHER_KEY.publicKey()];
  const role = async (signer: Signer): Promise<{ kidHexes: string[]; threshold: number }> => ({
    kidHexes: [(await signer.publicKey()).kidHex],
    threshold: 1,
  });
  const root: TrustRoot = {
    expiresAtSeconds: START_MS / 1000 + 10_000_000,
    issuedAtSeconds: START_MS / 1000,
    keys,
    project: 'acme',
    revokedReleaseIds,
    roles: {
      index: [
        await role(index),
        ...(betaIndex === undefined ? [] : [{ ...(await role(betaIndex)), channels: ['beta'] }]),
      ],
      release: await role(release),
      root: await role(KEY),
    },
    version,
  };
  return (await signTrustRoot(root, [KEY])).envelope;
}
