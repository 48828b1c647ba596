import { isVersionRange } from '@kivyx-ota/rollout';
import { checkAssetLayout } from './check-asset-layout.ts';
import { publishError } from '../error.ts';
import type { PublisherOptions } from '../options.ts';
import type { ReleaseInput } from '../release-input.ts';

/**
 * What can be refused by looking at the input alone.
 *
 * @throws ERR_PUBLISH_ASSET_LAYOUT, ERR_PUBLISH_BINARY_VERSION, ERR_PUBLISH_BUDGET, ERR_PUBLISH_SOURCE_MAP
 */
export function checkRelease({ budget = {}, scope }: PublisherOptions, input: ReleaseInput): void {
  const { assets = [], binaryVersion, launch, reactNative } = input;
  if (binaryVersion !== undefined && !isVersionRange(binaryVersion)) {
    throw publishError(
      'ERR_PUBLISH_BINARY_VERSION',
      `${JSON.stringify(binaryVersion)} is no range of versions, so no device would get the release. Write it like ">=2.0.0 <3.0.0"`,
      { details: { binaryVersion } },
    );
  }
  const map = [launch, ...assets].find(({ path }) => path.endsWith('.map'));
  if (map !== undefined) {
    throw publishError(
      'ERR_PUBLISH_SOURCE_MAP',
      `${map.path} is a source map, and would be downloaded by every device; leave it out, or give it as sourceMap`,
      { details: { path: map.path } },
    );
  }
  if (reactNative !== undefined) {
    checkAssetLayout({
      assetPaths: assets.map(({ path }) => path),
      launchPath: launch.path,
      platform: scope.platform,
      reactNativeVersion: reactNative.version,
      ...(reactNative.assets === undefined ? {} : { sources: reactNative.assets }),
    });
  }
  checkBudget('bundle', launch.bytes.length, budget.bundleBytes, launch.path);
  const files = [launch, ...assets];
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const largest = files
    .slice()
    .sort((a, b) => b.bytes.length - a.bytes.length)
    .slice(0, 3)
    .map(({ bytes, path }) => `${path} ${bytes.length}`);
  checkBudget('release', total, budget.releaseBytes, `largest files: ${largest.join(', ')}`);
}

function checkBudget(what: string, sizeBytes: number, budget: number | undefined, hint: string): void {
  if (budget === undefined) return;
  if (!Number.isFinite(budget) || budget < 0)
    throw new RangeError(`budget: ${what}Bytes must be a number of bytes, got ${budget}`);
  if (sizeBytes <= budget) return;
  throw publishError(
    'ERR_PUBLISH_BUDGET',
    `The ${what} has ${sizeBytes} bytes, ${budget} are allowed (${hint}). Make it smaller, or raise ${what}Bytes of the budget.`,
    { details: { budget, sizeBytes } },
  );
}
