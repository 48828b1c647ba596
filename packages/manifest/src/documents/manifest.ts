import { type DocumentKind, parseDocument } from '../shape/document.ts';
import {
  identifier,
  integer,
  line,
  list,
  objectSize,
  platform,
  record,
  releaseId,
  type Shape,
  sha256,
  text,
} from '../shape/shape.ts';
import { isSorted } from '../shape/is-sorted.ts';
import { textSizeBytes } from '../shape/text-size.ts';
import { manifestError } from '../error.ts';
import { LIMITS } from '../limits.ts';
import { checkPathsTogether } from '../paths.ts';
import type { AppScope } from '../scope.ts';
import { ONE_RUNTIME } from './one-runtime.ts';

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

const mediaType: Shape = /* @__PURE__ */ text(/^(?=.{3,127}$)[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/);

const FILE = /* @__PURE__ */ (() =>
  ({
    path: [1, { kind: 'path' }],
    sha256Hex: [2, sha256],
    sizeBytes: [3, objectSize],
    mediaType: [4, mediaType],
  }) as const)();

/** Everything known about this kind of document; the sign entry encodes with it. */
export const MANIFEST: DocumentKind<Manifest> = /* @__PURE__ */ (() => ({
  maxSizeBytes: LIMITS.manifestSizeBytes,
  name: 'manifest',
  shape: record<Manifest>(
    {
      project: [2, identifier],
      app: [3, identifier],
      platform: [4, platform],
      releaseId: [5, releaseId],
      versionCode: [6, integer(1)],
      version: [7, line(64)],
      runtimeVersion: [8, line(128), 'optional'],
      binaryVersion: [9, line(128), 'optional'],
      createdAtSeconds: [10, integer(0)],
      launch: [
        11,
        record<LaunchFile>({ ...FILE, hbcVersion: [5, integer(1, 0xffff), 'optional'] }, [
          ({ sizeBytes }) => sizeBytes > 0,
          'a file that is not empty',
        ]),
      ],
      assets: [
        12,
        list<AssetFile>(
          record<AssetFile>({ ...FILE, scalePercent: [5, integer(1, 10_000), 'optional'] }),
          0,
          LIMITS.files - 1,
          [(assets) => isSorted(assets.map(({ path }) => path)), 'sorted by path'],
        ),
      ],
      metadata: [
        13,
        {
          expected: `names [a-z][A-Za-z0-9_.-]{0,63} with text, ${LIMITS.metadataSizeBytes} bytes at most`,
          holds: isMetadata,
          kind: 'json',
        },
      ],
      attestation: [
        14,
        record<NonNullable<Manifest['attestation']>>({ sha256Hex: [1, sha256], sizeBytes: [2, objectSize] }),
        'optional',
      ],
    },
    ONE_RUNTIME,
    [
      ({ launch, assets }) =>
        assets.reduce((sum, { sizeBytes }) => sum + sizeBytes, launch.sizeBytes) <= LIMITS.releaseSizeBytes,
      `at most ${LIMITS.releaseSizeBytes} bytes of files`,
    ],
  ),
}))();

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
