import { unzipSync } from 'fflate';
import { readFile, stat } from 'node:fs/promises';
import { bundleKind } from '../check/bundle-kind.ts';
import { publishError } from '../error.ts';

/** The bundle inside a store binary. */
export interface EmbeddedBundle {
  /** A base for patches: `patchBases` of a release. */
  readonly bytes: Uint8Array;
  /** Name inside of the archive. */
  readonly path: string;
  readonly platform: 'android' | 'ios';
  /** Absent for JavaScript. */
  readonly hbcVersion?: number;
}

/** Where builds put it. An .apk, an .aab, an .ipa. */
const PLACES: readonly (readonly ['android' | 'ios', RegExp])[] = [
  ['android', /^assets\/index\.android\.bundle$/],
  ['android', /^base\/assets\/index\.android\.bundle$/],
  ['ios', /^Payload\/[^/]+\.app\/main\.jsbundle$/],
];
const ARCHIVE_SIZE_BYTES = 1_073_741_824;
/** A large app has 20 000. */
const ENTRIES = 100_000;
/** As large as an object of a release may be. */
const BUNDLE_SIZE_BYTES = 67_108_864;

/**
 * The bundle of an `.apk`, `.aab` or `.ipa`, by its content; the file's name does not matter. The file is untrusted: nothing is written,
 * no name in it is followed, only the bundle is unpacked, and never beyond 64 MiB. The whole file (at most 1 GiB) is held in memory.
 *
 * @throws ERR_PUBLISH_ARCHIVE when it is no such archive, has no bundle or more than one, or a bundle that is not whole
 */
export async function readEmbeddedBundle(path: string): Promise<EmbeddedBundle> {
  const { size } = await stat(path);
  if (size > ARCHIVE_SIZE_BYTES)
    throw refused(`${path} has ${size} bytes, more than ${ARCHIVE_SIZE_BYTES} are not read`);
  return parseEmbeddedBundle(new Uint8Array(await readFile(path)), path);
}

/** As {@link readEmbeddedBundle}, of bytes; `name` is for messages. @throws ERR_PUBLISH_ARCHIVE */
export function parseEmbeddedBundle(archive: Uint8Array, name = 'the archive'): EmbeddedBundle {
  const found: { readonly path: string; readonly platform: 'android' | 'ios'; readonly sizeBytes: number }[] =
    [];
  let files: Readonly<Record<string, Uint8Array>>;
  let entries = 0;
  try {
    files = unzipSync(archive, {
      filter: ({ name: path, originalSize }) => {
        // Zip64 can claim four thousand million.
        if (++entries > ENTRIES) throw new RangeError(`more than ${ENTRIES} entries`);
        const place = PLACES.find(([, pattern]) => pattern.test(path));
        if (place === undefined) return false;
        found.push({ path, platform: place[0], sizeBytes: originalSize });
        // The unpacked size is what the archive says, and no more is unpacked.
        return originalSize <= BUNDLE_SIZE_BYTES && found.length === 1;
      },
    });
  } catch (error) {
    throw refused(`${name} cannot be read as .apk, .aab or .ipa: ${String(error)}`, error);
  }
  const [first] = found;
  if (first === undefined)
    throw refused(
      `${name} has no bundle at assets/index.android.bundle, base/assets/index.android.bundle or Payload/….app/main.jsbundle: a debug build has none`,
    );
  if (found.length > 1)
    throw refused(`${name} has more than one bundle: ${found.map(({ path }) => path).join(', ')}`);
  const { path, platform, sizeBytes } = first;
  if (sizeBytes > BUNDLE_SIZE_BYTES)
    throw refused(`${path} in ${name} would be ${sizeBytes} bytes, more than ${BUNDLE_SIZE_BYTES}`);
  const bytes = files[path] as Uint8Array;
  if (bytes.length === 0 || bytes.length !== sizeBytes)
    throw refused(`${path} in ${name} is ${bytes.length} bytes, the archive says ${sizeBytes}`);
  const kind = bundleKind(bytes);
  if (kind.kind === 'damaged-hermes') throw refused(`${path} in ${name} is damaged bytecode`);
  return { bytes, path, platform, ...(kind.kind === 'hermes' ? { hbcVersion: kind.hbcVersion } : {}) };
}

function refused(message: string, cause?: unknown): Error {
  return publishError('ERR_PUBLISH_ARCHIVE', message, cause === undefined ? {} : { cause });
}
