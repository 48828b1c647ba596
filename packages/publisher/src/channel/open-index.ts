import { isOtaError } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import {
  type ChannelIndex,
  type ChannelScope,
  checkEpoch,
  keysForRole,
  type TrustRoot,
  verifyChannelIndex,
} from '@kivyx-ota/manifest';

/** An index and the root that vouches for it. */
export interface OpenedIndex {
  readonly index: ChannelIndex;
  readonly payloadSha256Hex: string;
  readonly kidHex: string;
  readonly root: TrustRoot;
}

/**
 * Verifies an index (untrusted) against the newest of `roots` that knows its key: those of the past, too, for what was signed in
 * the past.
 *
 * @throws ERR_COSE_…, ERR_DOCUMENT_…, ERR_ROOT_EPOCH
 */
export function openIndex(
  envelope: Uint8Array,
  roots: readonly TrustRoot[],
  scope: ChannelScope,
): OpenedIndex {
  let failure: unknown;
  for (const root of roots.slice().reverse()) {
    try {
      const keys = keysForRole(root, 'index', scope.channel);
      const { document, kidHex, payload } = verifyChannelIndex(envelope, { keys, scope });
      checkEpoch(document, root);
      return { index: document, kidHex, payloadSha256Hex: sha256Hex(payload), root };
    } catch (error) {
      if (!isOtaError(error, 'ERR_COSE_KEY_UNKNOWN')) throw error;
      failure ??= error;
    }
  }
  throw failure;
}
