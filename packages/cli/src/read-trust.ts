import { openInitialRoot, type TrustRoot } from '@kivyx-ota/manifest';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { namingSource } from './naming-source.ts';
import { usageError } from './usage-error.ts';

/** First byte of a COSE_Sign document, and of no text. */
const CBOR_TAG = 0xd8;

/**
 * What a local file says to trust: one or more public keys in PEM, or the envelope of a trust root. Trusted because of where it is kept, so
 * never read it from the bucket.
 */
export async function readTrust(
  path: string,
): Promise<{ readonly root: TrustRoot } | { readonly keys: readonly string[] }> {
  if (!existsSync(path)) throw usageError(`No file ${path}: give a public key (PEM) or a trust root (.cose)`);
  const content = new Uint8Array(await readFile(path));
  const text = new TextDecoder().decode(content);
  if (text.includes('PRIVATE KEY'))
    throw usageError(`${path} is a private key; give the public one (kivyx keys export)`);
  const keys = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g);
  if (keys !== null) return { keys };
  if (content[0] !== CBOR_TAG)
    throw usageError(`${path} is neither public keys (PEM) nor a signed trust root (.cose)`);
  return { root: await namingSource(path, () => openInitialRoot(content)) };
}
