export {
  expoCryptoRandom,
  expoCryptoSha256File,
  type ExpoCrypto,
  type ExpoCryptoSha256FileOptions,
} from './ports/expo-crypto.ts';
