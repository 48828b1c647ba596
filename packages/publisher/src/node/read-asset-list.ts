import type { SourceAsset } from '../check/asset-rules.ts';

/**
 * The assets that a bundle (JavaScript, as the bundler wrote it) will ask for: every `registerAsset({…})` in it, which is how Metro
 * writes a `require` of an image. With them, a release whose files are missing or overwrote each other is found before it is published.
 * Calls that are written otherwise are passed over; bytecode has none that can be read.
 */
export function readAssetList(bundle: string): readonly SourceAsset[] {
  const assets = new Map<string, SourceAsset>();
  for (const [, literal = ''] of bundle.matchAll(
    /\bregisterAsset\)?\(\s*(\{(?:"(?:[^"\\]|\\.)*"|[^{}"])*\})\s*\)/g,
  )) {
    const [httpServerLocation, name, type, scales] = ['httpServerLocation', 'name', 'type', 'scales'].map(
      (member) => memberOf(literal, member),
    );
    const isAsset =
      typeof httpServerLocation === 'string' &&
      typeof name === 'string' &&
      typeof type === 'string' &&
      Array.isArray(scales) &&
      scales.every(Number.isFinite);
    if (isAsset)
      assets.set(`${httpServerLocation}/${name}.${type}`, {
        httpServerLocation,
        name,
        scales: scales as number[],
        type,
      });
  }
  return Array.from(assets.values());
}

function memberOf(literal: string, name: string): unknown {
  const text = new RegExp(`[{,]\\s*"?${name}"?\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\])`).exec(
    literal,
  )?.[1];
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
