export { compressForTransport } from './node/compress-for-transport.ts';
export { readReleaseFolder, type ReleaseFolder } from './node/read-release-folder.ts';
