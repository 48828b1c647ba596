import { keysForRole } from '@kivyx-ota/manifest';
import { trustRootOf } from './trust-root-of.ts';
import { publishError } from '../error.ts';
import type { PublisherOptions } from '../options.ts';

/**
 * What devices would refuse is refused here (regressions.md 19).
 *
 * @throws ERR_PUBLISH_KEY
 */
export async function checkSigners(options: PublisherOptions): Promise<void> {
  const { scope, signers } = options;
  const root = trustRootOf(options);
  for (const [role, keys] of [
    ['release', keysForRole(root, 'release')],
    ['index', keysForRole(root, 'index', scope.channel)],
  ] as const) {
    const { kidHex } = await signers[role].publicKey();
    if (!keys.some((key) => key.kidHex === kidHex)) {
      throw publishError(
        'ERR_PUBLISH_KEY',
        `The ${role} signer's key ${kidHex} is not trusted for that role; devices would refuse what it signs`,
        { details: { kidHex, role } },
      );
    }
  }
}
