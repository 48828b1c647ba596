export {
  blobUtilDownloads,
  blobUtilSha256File,
  type BlobUtil,
  type BlobUtilInfo,
  type BlobUtilOptions,
  type BlobUtilTask,
} from './ports/blob-util.ts';
