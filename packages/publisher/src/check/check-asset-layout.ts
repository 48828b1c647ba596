import { type AssetRules, assetPathsOf, assetRulesOf, DENSITIES, type SourceAsset } from './asset-rules.ts';
import { publishError } from '../error.ts';

/** What {@link checkAssetLayout} looks at. */
export interface AssetLayoutInput {
  readonly platform: 'android' | 'ios';
  /** Of the binaries that the release is for: `0.88.1`. */
  readonly reactNativeVersion: string;
  readonly launchPath: string;
  readonly assetPaths: readonly string[];
  /** The bundler's own list; with it, what is missing or was overwritten is found, too. */
  readonly sources?: readonly SourceAsset[];
}

const SHOWN = 5;

/**
 * Refuses a release whose files React Native would not find beside the bundle. A missing image is no error at run time: nothing is
 * shown, and nobody is told.
 *
 * @throws ERR_PUBLISH_ASSET_LAYOUT with every problem in `details.problems`
 */
export function checkAssetLayout(input: AssetLayoutInput): void {
  const { assetPaths, launchPath, platform, reactNativeVersion, sources } = input;
  const rules = assetRulesOf(reactNativeVersion);
  const problems: string[] = [];
  if (launchPath.includes('/'))
    problems.push(
      `${launchPath}: the launch file must be at the top of the release, because assets are looked for beside it`,
    );
  for (const path of assetPaths) {
    const problem = platform === 'android' ? androidProblem(path, rules) : iosProblem(path);
    if (problem !== undefined) problems.push(`${path}: ${problem}`);
  }
  if (platform === 'android') problems.push(...sameIds(assetPaths));
  if (sources !== undefined) problems.push(...againstSources(sources, assetPaths, platform, rules));
  if (problems.length === 0) return;
  const more = problems.length > SHOWN ? `\n… and ${problems.length - SHOWN} more` : '';
  throw publishError(
    'ERR_PUBLISH_ASSET_LAYOUT',
    `React Native ${reactNativeVersion} on ${platform} would not find these files:\n${problems.slice(0, SHOWN).join('\n')}${more}`,
    { details: { problems } },
  );
}

function androidProblem(path: string, { drawableTypes, version }: AssetRules): string | undefined {
  if (path === 'raw/keep.xml') return 'is for Gradle only; leave it out';
  const parts = /^(raw|drawable(?:-([^/]+))?)\/([^/]*?)(?:\.([^./]+))?$/.exec(path);
  if (parts === null)
    return path.startsWith('assets/')
      ? 'is where iOS looks; bundle with --platform android'
      : 'is in no folder that is looked into (drawable-<density>/, raw/)';
  const [, folder, density, id = '', type] = parts;
  if (type === undefined) return 'has no extension, so no asset has this name';
  if (!/^[a-z0-9_]+$/.test(id))
    return `is no resource id; only a-z, 0-9 and _ are (bundlers make ${idOf(id) || 'another name'} of it)`;
  const isDrawable = drawableTypes.includes(type);
  if (folder === 'raw')
    return isDrawable
      ? `.${type} is looked for in drawable-<density>/ by React Native ${version}; the bundler that wrote it has other rules`
      : undefined;
  if (!isDrawable)
    return `.${type} is no drawable for React Native ${version}, it is looked for in raw/; the bundler that wrote it has other rules`;
  if (density === undefined) return 'a drawable needs a density (drawable-mdpi for scale 1)';
  if (Object.values(DENSITIES).includes(density)) return undefined;
  return /^[0-9]+dpi$/.test(density)
    ? `an odd scale; Android's resource tools do not take ${density}. Name the source @1x, @1.5x, @2x, @3x or @4x`
    : `${density} is no density (${Object.values(DENSITIES).join(', ')})`;
}

function iosProblem(path: string): string | undefined {
  if (/^(raw|drawable)(-[^/]+)?\//.test(path)) return 'is where Android looks; bundle with --platform ios';
  const parts = /^assets\/(?:.*\/)?([^/]*?)(?:@([0-9.]+)x)?\.([^./]+)$/.exec(path);
  if (parts === null)
    return path.startsWith('assets/')
      ? 'has no extension, so no asset has this name'
      : 'is in no folder that is looked into (assets/)';
  const scale = parts[2];
  if (scale === undefined || ['1', '2', '3'].includes(scale)) {
    return scale === '1' ? 'scale 1 has no @1x in its name, and is not looked for under it' : undefined;
  }
  return `an odd scale; iOS has 1, 2 and 3. Name the source without suffix, @2x or @3x`;
}

function idOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9_]/g, '');
}

/** One id, two files: the binary's own build refuses that, so the release could never become its embedded bundle. */
function sameIds(paths: readonly string[]): string[] {
  const first = new Map<string, string>();
  const problems: string[] = [];
  for (const path of paths) {
    const id = path.replace(/\.[^./]+$/, '');
    const other = first.get(id);
    if (other === undefined) first.set(id, path);
    else problems.push(`${path}: has the resource id of ${other}; rename one of the sources`);
  }
  return problems;
}

function againstSources(
  sources: readonly SourceAsset[],
  paths: readonly string[],
  platform: 'android' | 'ios',
  rules: AssetRules,
): string[] {
  const problems: string[] = [];
  const there = new Set(paths);
  const owners = new Map<string, string>();
  for (const source of sources) {
    const name = `${source.httpServerLocation}/${source.name}.${source.type}`;
    for (const path of assetPathsOf(source, platform, rules)) {
      const owner = owners.get(path);
      if (owner !== undefined && owner !== name)
        problems.push(
          `${path}: is made from ${owner} and from ${name}, and only one of them is left; rename one`,
        );
      owners.set(path, name);
      if (!there.has(path)) problems.push(`${path}: is missing; ${name} is looked for there`);
    }
  }
  return problems;
}
