export {
  quickCryptoRandom,
  quickCryptoSha256File,
  type QuickCrypto,
  type QuickCryptoSha256FileOptions,
} from './ports/quick-crypto.ts';
