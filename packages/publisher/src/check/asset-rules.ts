/** An asset as Metro lists it (and as `registerAsset` gets it at run time). */
export interface SourceAsset {
  /** `/assets/src/img`, with `..` for what lies outside the project. */
  readonly httpServerLocation: string;
  /** Without scale and extension. */
  readonly name: string;
  /** The extension. */
  readonly type: string;
  readonly scales: readonly number[];
}

/** How one version of React Native names assets beside a bundle. */
export interface AssetRules {
  readonly version: string;
  /** Extensions whose files are looked for in `drawable-…`; everything else is looked for in `raw`. */
  readonly drawableTypes: readonly string[];
}

/** Scale → density folder of Android. */
export const DENSITIES: Readonly<Record<string, string>> = {
  '0.75': 'ldpi',
  '1': 'mdpi',
  '1.5': 'hdpi',
  '2': 'xhdpi',
  '3': 'xxhdpi',
  '4': 'xxxhdpi',
};

const DRAWABLE_TYPES = ['gif', 'jpeg', 'jpg', 'ktx', 'png', 'webp', 'xml'] as const;
/** `path-support.js` of @react-native/assets-registry has them from 0.84 on, so has @react-native/asset-utils. */
const SINCE_0_84 = ['heic', 'heif'] as const;

/**
 * The rules of a version; read: @react-native/assets-registry 0.81.6 to 0.86.3, @react-native/asset-utils 0.88.1.
 *
 * @throws RangeError for what is no version of React Native
 */
export function assetRulesOf(reactNativeVersion: string): AssetRules {
  const minor = /^0\.([0-9]+)\.[0-9]+/.exec(reactNativeVersion)?.[1];
  if (minor === undefined)
    throw new RangeError(
      `reactNativeVersion: expected one such as 0.88.1, got ${JSON.stringify(reactNativeVersion)}`,
    );
  return {
    drawableTypes: Number(minor) >= 84 ? [...DRAWABLE_TYPES, ...SINCE_0_84] : DRAWABLE_TYPES,
    version: reactNativeVersion,
  };
}

/** Every file that the resolver may look for, for one asset. */
export function assetPathsOf(
  { httpServerLocation, name, scales, type }: SourceAsset,
  platform: 'android' | 'ios',
  { drawableTypes }: AssetRules,
): string[] {
  const folder = httpServerLocation.replace(/^\//, '');
  if (platform === 'ios') {
    return iosScales(scales).map(
      (scale) => `${folder.replaceAll('../', '_')}/${name}${scale === 1 ? '' : `@${scale}x`}.${type}`,
    );
  }
  const id = `${folder}/${name}`
    .toLowerCase()
    .replaceAll('/', '_')
    .replace(/[^a-z0-9_]/g, '')
    .replace(/^(?:assets|assetsunstable_path)_/, '');
  if (!drawableTypes.includes(type)) return [`raw/${id}.${type}`];
  return scales.map(
    (scale) => `drawable-${DENSITIES[String(scale)] ?? `${Math.round(scale * 160)}dpi`}/${id}.${type}`,
  );
}

/** As the bundler's `filterPlatformAssetScales`: 1, 2 and 3, or the nearest larger one where there is none of them. */
function iosScales(scales: readonly number[]): readonly number[] {
  const kept = scales.filter((scale) => [1, 2, 3].includes(scale));
  if (kept.length > 0) return kept;
  return [scales.find((scale) => scale > 3) ?? scales[scales.length - 1] ?? 1];
}
