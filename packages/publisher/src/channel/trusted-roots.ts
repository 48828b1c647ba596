import { equalBytes } from '@kivyx-ota/core';
import { LIMITS, rootFromKeys, rootKey, type TrustRoot, verifyRootStep } from '@kivyx-ota/manifest';
import { encodeTrustRoot } from '@kivyx-ota/manifest/sign';
import { trustRootOf } from './trust-root-of.ts';
import { publishError } from '../error.ts';
import type { PublisherOptions } from '../options.ts';

/**
 * The roots from `previous` (trusted by the caller) to the publisher's own, by rising version. Walked forward over `roots/` in the
 * storage, each step signed by the root before it: backwards nothing would be proven, since anybody may add a signature to an
 * envelope.
 *
 * @throws ERR_PUBLISH_ROOTS when the walk does not end at the publisher's root; ERR_ROOT_…, ERR_COSE_… of a bad step
 */
export async function trustedRoots(
  options: PublisherOptions,
  previous: PublisherOptions['trust'] | undefined,
): Promise<readonly TrustRoot[]> {
  const current = trustRootOf(options);
  if (previous === undefined) return [current];
  const first = 'root' in previous ? previous.root : rootFromKeys(options.scope.project, previous.keys);
  if (first.version > current.version || first.project !== current.project) {
    throw publishError(
      'ERR_PUBLISH_ROOTS',
      `The previous root is version ${first.version} of ${first.project}, the publisher has version ${current.version} of ${current.project}`,
    );
  }
  // Bare keys have no chain: both lists are the caller's word.
  if (current.version === 0) return [first, current];
  const roots = [first];
  for (let root = first; root.version < current.version; roots.push(root)) {
    const key = rootKey(root.version + 1);
    const stored = await options.storage.get(key, {
      maxSizeBytes: LIMITS.rootSizeBytes + LIMITS.envelopeOverheadBytes,
    });
    if (stored === undefined) {
      throw publishError(
        'ERR_PUBLISH_ROOTS',
        `${key} is not in the storage: publish every root, devices walk the same way`,
        { details: { key } },
      );
    }
    root = verifyRootStep(root, stored.body);
  }
  const last = roots[roots.length - 1] as TrustRoot;
  if (!equalBytes(encodeTrustRoot(last), encodeTrustRoot(current))) {
    throw publishError(
      'ERR_PUBLISH_ROOTS',
      `Root ${current.version} in the storage is not the one that this publisher trusts`,
    );
  }
  return roots;
}
