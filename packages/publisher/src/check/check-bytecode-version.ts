import { type ChannelIndex, keysForRole, LIMITS, manifestKey, verifyManifest } from '@kivyx-ota/manifest';
import { bundleKind } from './bundle-kind.ts';
import { trustRootOf } from '../channel/trust-root-of.ts';
import { publishError } from '../error.ts';
import type { PublisherOptions } from '../options.ts';
import type { ReleaseInput } from '../release-input.ts';

/**
 * A runtime reads one bytecode version. Where the caller does not name it, what runs there tells: the embedded bundles, and the newest
 * release for exactly the same runtime (regressions.md 24).
 *
 * @throws ERR_PUBLISH_BYTECODE
 */
export async function checkBytecodeVersion(
  options: PublisherOptions,
  input: ReleaseInput,
  index: ChannelIndex | undefined,
): Promise<void> {
  const launch = bundleKind(input.launch.bytes);
  if (input.hbcVersion !== undefined || launch.kind !== 'hermes') return;
  for (const bytes of input.patchBases ?? []) {
    const embedded = bundleKind(bytes);
    if (embedded.kind === 'hermes') compare(launch.hbcVersion, embedded.hbcVersion, 'the embedded bundle');
  }
  const last = index?.releases
    .filter(
      ({ runtimeVersion, status }) =>
        status === 'active' && runtimeVersion !== undefined && runtimeVersion === input.runtimeVersion,
    )
    .at(-1);
  if (last === undefined) return;
  const stored = await options.storage.get(manifestKey(last.manifest.sha256Hex), {
    maxSizeBytes: LIMITS.manifestSizeBytes + LIMITS.envelopeOverheadBytes,
  });
  // A manifest that is missing or of another key is a matter of `verify`; publishing may be what heals it.
  const known = stored === undefined ? undefined : hbcVersionOf(options, stored.body);
  if (known !== undefined)
    compare(launch.hbcVersion, known, `${last.version}, which is for the same runtime`);
}

function hbcVersionOf(options: PublisherOptions, envelope: Uint8Array): number | undefined {
  try {
    const keys = keysForRole(trustRootOf(options), 'release');
    return verifyManifest(envelope, { keys, scope: options.scope }).document.launch.hbcVersion;
  } catch {
    return undefined;
  }
}

function compare(got: number, expected: number, what: string): void {
  if (got === expected) return;
  throw publishError(
    'ERR_PUBLISH_BYTECODE',
    `The launch file is bytecode version ${got}, ${what} is version ${expected}: it would not start. Use the hermesc of that React Native version, or give hbcVersion if the runtime really reads ${got}.`,
    { details: { expected, got } },
  );
}
