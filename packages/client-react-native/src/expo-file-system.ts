export {
  expoFileSystemDownloads,
  expoFileSystemSha256File,
  type ExpoFile,
  type ExpoFileClass,
  type ExpoFileSystemOptions,
} from './ports/expo-file-system.ts';
