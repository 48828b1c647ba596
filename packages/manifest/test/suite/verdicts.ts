// What this package says of every published document, without a test runner: the same list runs in every engine of runtime-tests.
import { hexToBytes, isOtaError } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { parsePublicKey } from '@kivyx-ota/cose';
import {
  type ChannelScope,
  rootFromKeys,
  verifyChannelIndex,
  verifyManifest,
  verifyRootStep,
} from '@kivyx-ota/manifest';
import { trustRootToJson } from '@kivyx-ota/manifest/inspect';
import { encodeTrustRoot } from '@kivyx-ota/manifest/sign';
import documents from '../../../../docs/spec/vectors/documents.json' with { type: 'json' };
import type { DocumentVector } from '../../scripts/document-vectors.ts';

function read({ type, keyHex, scope, envelopeHex }: DocumentVector): unknown {
  const envelope = hexToBytes(envelopeHex);
  if (type === 'trustRoot') {
    const root = verifyRootStep(rootFromKeys('acme', [keyHex]), envelope);
    return { document: trustRootToJson(root), payloadSha256Hex: sha256Hex(encodeTrustRoot(root)) };
  }
  const options = { keys: [parsePublicKey(keyHex)], scope: scope as ChannelScope };
  const { document, payload } =
    type === 'manifest' ? verifyManifest(envelope, options) : verifyChannelIndex(envelope, options);
  return { document, payloadSha256Hex: sha256Hex(payload) };
}

/** JSON with sorted members: equal values, equal text. */
function text(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.keys(inner)
          .sort()
          .reduce((out, key) => ({ ...out, [key]: (inner as Record<string, unknown>)[key] }), {})
      : inner,
  );
}

/** docs/spec/vectors/documents.json: the whole document, or the code of the refusal. */
export const manifestVerdicts: readonly {
  readonly title: string;
  readonly expected: string;
  verdict(): string;
}[] = (documents as unknown as readonly DocumentVector[]).map((vector) => ({
  expected: vector.refused ?? text({ document: vector.document, payloadSha256Hex: vector.payloadSha256Hex }),
  title: `document: ${vector.name}`,
  verdict: () => {
    try {
      return text(read(vector));
    } catch (error) {
      return isOtaError(error) ? error.code : `untyped: ${String(error)}`;
    }
  },
}));
