import type { FilesPort } from '@kivyx-ota/client';
import type { Random } from '@kivyx-ota/core';
import { type ExpoFileClass, readChunks } from './expo-file-system.ts';
import { libraryUri } from './library-path.ts';

/** The part of react-native-quick-crypto (read: 1.1.7) that is used; its default export fits. */
export interface QuickCrypto {
  createHash(algorithm: string): {
    update(data: Uint8Array): unknown;
    digest(encoding: 'hex'): string;
  };
  randomBytes(size: number): Uint8Array;
}

/** Random bytes of OpenSSL. */
export function quickCryptoRandom({ randomBytes }: Pick<QuickCrypto, 'randomBytes'>): Random {
  // A copy: the library's Buffer may be a view of a larger one.
  return { bytes: (length) => Uint8Array.from(randomBytes(length)) };
}

/** Options of {@link quickCryptoSha256File}. */
export interface QuickCryptoSha256FileOptions<Signal> {
  readonly crypto: Pick<QuickCrypto, 'createHash'>;
  /** `File` of expo-file-system, which gives the file in chunks. */
  readonly File: ExpoFileClass<Signal>;
  /** Absolute path or file URI of the folder that the files port is about. */
  readonly directory: string;
}

/** {@link FilesPort.sha256File} by react-native-quick-crypto, in chunks. For expo-file-system 57, which has no digest of its own. */
export function quickCryptoSha256File<Signal>({
  crypto: library,
  File,
  directory,
}: QuickCryptoSha256FileOptions<Signal>): FilesPort['sha256File'] {
  return async (path) => {
    const file = new File(libraryUri(directory, path));
    if (!file.exists) return undefined;
    const hash = library.createHash('sha256');
    await readChunks(file, (chunk) => void hash.update(chunk));
    return hash.digest('hex');
  };
}
