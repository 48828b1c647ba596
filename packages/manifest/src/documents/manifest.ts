import * as v from 'valibot';
import { hexBytes, json, list, record } from '../codec/codec.ts';
import { type DocumentKind, parseDocument } from '../codec/document.ts';
import {
  hasOneRuntime,
  identifier,
  integer,
  line,
  mediaType,
  objectSize,
  path,
  platform,
  releaseId,
  sha256,
} from '../codec/schemas.ts';
import { isSorted } from '../codec/is-sorted.ts';
import { textSizeBytes } from '../codec/text-size.ts';
import { manifestError } from '../error.ts';
import { LIMITS } from '../limits.ts';
import { checkPathsTogether } from '../paths.ts';
import type { AppScope } from '../scope.ts';

/** A file of a release: where it goes, and which bytes it is. */
export interface FileEntry {
  /** Relative path in the release directory ({@link isReleasePath}). */
  readonly path: string;
  readonly sha256Hex: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
}

/** The file that is executed. */
export interface LaunchFile extends FileEntry {
  /** Hermes bytecode version; absent for plain JavaScript. */
  readonly hbcVersion?: number;
}

/** A file that the bundle shows or reads. */
export interface AssetFile extends FileEntry {
  /** Pixel density × 100: 150 is @1.5x. Documents hold no fractions. */
  readonly scalePercent?: number;
}

/**
 * What a release is. Immutable; signed by the release role. Every byte that a device will ever run or show is
 * named here by hash and length.
 */
export interface Manifest extends AppScope {
  readonly releaseId: string;
  /** Strictly increasing per app, platform and channel line. */
  readonly versionCode: number;
  /** For people (semver). */
  readonly version: string;
  /** The native runtime this bundle needs, compared exactly. Either this or `binaryVersion`. */
  readonly runtimeVersion?: string;
  /** A semver range over binary versions. Either this or `runtimeVersion`. */
  readonly binaryVersion?: string;
  readonly createdAtSeconds: number;
  readonly launch: LaunchFile;
  /** By path; the writer sorts them. */
  readonly assets: readonly AssetFile[];
  /** Release notes, commit and the like; names and texts together ≤ 4,096 bytes of UTF-8. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly attestation?: { readonly sha256Hex: string; readonly sizeBytes: number };
}

const FILE_KEYS = { path: 1, sha256Hex: [2, hexBytes], sizeBytes: 3, mediaType: 4 } as const;

/** Everything known about this kind of document; the sign entry encodes with it. */
export const MANIFEST: DocumentKind<Manifest> = /* @__PURE__ */ (() => {
  const file = { mediaType, path, sha256Hex: sha256, sizeBytes: objectSize };
  const schema = v.pipe(
    v.strictObject({
      formatVersion: v.literal(1),
      project: identifier,
      app: identifier,
      platform,
      releaseId,
      versionCode: integer(1),
      version: line(64),
      runtimeVersion: v.exactOptional(line(128)),
      binaryVersion: v.exactOptional(line(128)),
      createdAtSeconds: integer(0),
      launch: v.strictObject({ ...file, hbcVersion: v.exactOptional(integer(1, 0xffff)) }),
      assets: v.pipe(
        v.array(v.strictObject({ ...file, scalePercent: v.exactOptional(integer(1, 10_000)) })),
        v.maxLength(LIMITS.files - 1),
        v.check((assets) => isSorted(assets.map((asset) => asset.path)), 'assets are sorted by path'),
      ),
      metadata: v.custom<Readonly<Record<string, string>>>(
        isMetadata,
        `expected names [a-z][A-Za-z0-9_.-]{0,63} with text, ${LIMITS.metadataSizeBytes} bytes at most`,
      ),
      attestation: v.exactOptional(v.strictObject({ sha256Hex: sha256, sizeBytes: objectSize })),
    }),
    v.check((value) => hasOneRuntime(value), 'expected either runtimeVersion or binaryVersion'),
    v.check(
      ({ launch, assets }) =>
        assets.reduce((sum, asset) => sum + asset.sizeBytes, launch.sizeBytes) <= LIMITS.releaseSizeBytes,
      `a release holds at most ${LIMITS.releaseSizeBytes} bytes`,
    ),
    v.check(({ launch }) => launch.sizeBytes > 0, 'the launch file is empty'),
    v.transform(({ formatVersion: _formatVersion, ...manifest }): Manifest => manifest as Manifest),
  );
  return {
    codec: record({
      formatVersion: 1,
      project: 2,
      app: 3,
      platform: 4,
      releaseId: 5,
      versionCode: 6,
      version: 7,
      runtimeVersion: 8,
      binaryVersion: 9,
      createdAtSeconds: 10,
      launch: [11, record({ ...FILE_KEYS, hbcVersion: 5 })],
      assets: [12, list(record({ ...FILE_KEYS, scalePercent: 5 }))],
      metadata: [13, json],
      attestation: [14, record({ sha256Hex: [1, hexBytes], sizeBytes: 2 })],
    }),
    maxSizeBytes: LIMITS.manifestSizeBytes,
    name: 'manifest',
    schema: schema as v.GenericSchema<unknown, Manifest>,
  };
})();

/**
 * The manifest inside `payload` (untrusted; its signature is a matter of verifyManifest).
 *
 * @throws ERR_DOCUMENT_SIZE, ERR_DOCUMENT_VERSION, ERR_DOCUMENT_SHAPE, ERR_DOCUMENT_PATH, ERR_CBOR_…
 */
export function parseManifest(payload: Uint8Array): Manifest {
  const manifest = parseDocument(MANIFEST, payload);
  checkManifest(manifest);
  return manifest;
}

/** What no schema can say: paths that fit beside each other, one size per object. Used by reader and writer. */
export function checkManifest(manifest: Manifest): void {
  const files: readonly FileEntry[] = [manifest.launch, ...manifest.assets];
  checkPathsTogether(files.map((file) => file.path));
  const sizes = new Map<string, number>();
  for (const { sha256Hex, sizeBytes } of files) {
    if ((sizes.get(sha256Hex) ?? sizeBytes) !== sizeBytes) {
      throw manifestError('ERR_DOCUMENT_SHAPE', `manifest: object ${sha256Hex} has two sizes`, { sha256Hex });
    }
    sizes.set(sha256Hex, sizeBytes);
  }
}

// Not v.record: that passes over members such as __proto__ in silence.
function isMetadata(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const members = Object.entries(value);
  return (
    members.every(([name, text]) => /^[a-z][A-Za-z0-9_.-]{0,63}$/.test(name) && typeof text === 'string') &&
    members.reduce(
      (sum, [name, text]) => sum + name.length + (textSizeBytes(text as string) ?? Infinity),
      0,
    ) <= LIMITS.metadataSizeBytes
  );
}
