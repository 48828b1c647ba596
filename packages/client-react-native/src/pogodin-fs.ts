export {
  pogodinFsDownloads,
  pogodinFsSha256File,
  type PogodinFs,
  type PogodinFsOptions,
} from './ports/pogodin-fs.ts';
