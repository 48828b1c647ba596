import type { Signer } from '@kivyx-ota/cose/sign';
import { ALL_ALGORITHMS, exportPublicKey } from '@kivyx-ota/cose/sign';
import { keysForRole, rootFromKeys } from '@kivyx-ota/manifest';
import type { PublisherOptions } from '@kivyx-ota/publisher';
import { usageError } from './usage-error.ts';

/** Trust in one's own keys alone. */
export async function ownKeys({
  index,
  release,
}: PublisherOptions['signers']): Promise<{ readonly keys: readonly string[] }> {
  const keys = [await release.publicKey(), await index.publicKey()].map((key) => exportPublicKey(key).pem);
  return { keys: Array.from(new Set(keys)) };
}

/** Devices would refuse a manifest of another key. @throws ERR_CLI_USAGE */
export async function checkReleaseKey(
  release: Signer,
  trust: PublisherOptions['trust'],
  project: string,
): Promise<void> {
  const root = 'root' in trust ? trust.root : rootFromKeys(project, trust.keys, ALL_ALGORITHMS);
  const { kidHex } = await release.publicKey();
  if (keysForRole(root, 'release').some((key) => key.kidHex === kidHex)) return;
  throw usageError(
    `The release key ${kidHex} is not among those that devices trust (KIVYX_TRUST): sign with one that is, or rotate first`,
  );
}
