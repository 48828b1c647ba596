// What a device needs, bundled as an app would: everything it may do, nothing of what a publisher does.
import { build } from 'esbuild';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What an app imports (ES256 alone, patches included). */
export const DEVICE_ENTRY = `
  export { createClient } from '@kivyx-ota/client';
  export { deltaDecoder } from '@kivyx-ota/client/delta';
`;

/** A bundle and what went into it. */
export interface DeviceBundle {
  readonly text: string;
  readonly minifiedBytes: number;
  readonly gzipBytes: number;
  /** Path from the root of the repository, or package and path → minified bytes in the bundle; 0 when only reachable. */
  readonly modules: ReadonlyMap<string, number>;
}

/** Bundles `entry` from sources; imports resolve as in this package's tests. */
export async function bundleDevice(entry: string): Promise<DeviceBundle> {
  const { metafile, outputFiles } = await build({
    bundle: true,
    conditions: ['@kivyx-ota/source'],
    format: 'esm',
    logLevel: 'silent',
    mainFields: ['module', 'main'],
    metafile: true,
    minify: true,
    platform: 'neutral',
    stdin: {
      contents: entry,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      sourcefile: 'entry.ts',
    },
    target: 'es2020',
    write: false,
  });
  const inOutput = Object.values(metafile.outputs)[0]?.inputs ?? {};
  const bytes = outputFiles[0]?.contents ?? new Uint8Array(0);
  return {
    gzipBytes: gzipSync(bytes, { level: 9 }).length,
    minifiedBytes: bytes.length,
    modules: new Map(
      Object.keys(metafile.inputs).map((path) => [
        relative(ROOT, path).replace(/^.*node_modules\//, ''),
        inOutput[path]?.bytesInOutput ?? 0,
      ]),
    ),
    text: outputFiles[0]?.text ?? '',
  };
}

/** Bytes by package, largest first. */
export function partsOf({ modules }: DeviceBundle): readonly (readonly [string, number])[] {
  const parts = new Map<string, number>();
  for (const [path, size] of modules) {
    const name = /^(?:packages\/[^/]+|@[^/]+\/[^/]+|[^/]+)/.exec(path)?.[0] ?? path;
    parts.set(name, (parts.get(name) ?? 0) + size);
  }
  return Array.from(parts).sort((a, b) => b[1] - a[1]);
}
