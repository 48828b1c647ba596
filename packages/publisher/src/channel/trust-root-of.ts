import { ALL_ALGORITHMS } from '@kivyx-ota/cose/sign';
import { rootFromKeys, type TrustRoot } from '@kivyx-ota/manifest';
import type { PublisherOptions } from '../options.ts';

/** The trust root that devices of this publisher have. */
export function trustRootOf({ trust, scope }: Pick<PublisherOptions, 'trust' | 'scope'>): TrustRoot {
  return 'root' in trust ? trust.root : rootFromKeys(scope.project, trust.keys, ALL_ALGORITHMS);
}
