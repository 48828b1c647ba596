import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { CompressedVariant } from '../options.ts';

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

// Compressed inside already: another pass costs time and gains nothing.
const PACKED = /^(?:image\/(?!svg)|audio\/|video\/|font\/woff)/;

/**
 * Brotli (quality 11) and gzip (level 9) forms of a file, for `compress` of createPublisher. Several seconds of CPU for a
 * 4 MB bundle, once per object.
 */
export async function compressForTransport(
  bytes: Uint8Array,
  mediaType: string,
): Promise<readonly CompressedVariant[]> {
  if (PACKED.test(mediaType) || bytes.length < 256) return [];
  const [br, gz] = await Promise.all([
    brotli(bytes, {
      params: {
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
    deflate(bytes, { level: 9 }),
  ]);
  return [
    { bytes: br, encoding: 'br' },
    { bytes: gz, encoding: 'gzip' },
  ];
}
