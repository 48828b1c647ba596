import { type ExportedPublicKey, exportPublicKey } from '@kivyx-ota/cose/sign';
import type { TrustRoot } from '../documents/trust-root.ts';

/** A trust root in JSON: keys as JWK (with `kid`), everything else as it is. */
export interface TrustRootJson extends Omit<TrustRoot, 'keys'> {
  readonly keys: readonly ExportedPublicKey['jwk'][];
}

/** Manifests and indexes are JSON as they are; a trust root holds keys, which are spelled as JWK here. */
export function trustRootToJson(root: TrustRoot): TrustRootJson {
  return { ...root, keys: root.keys.map((key) => exportPublicKey(key).jwk) };
}
