export {
  type DownloadAbilities,
  downloadPortCases,
  type DownloadPortCasesOptions,
  type DownloadsPair,
} from './client/download-port-cases.ts';
export { filesPortCases, type FilesPortCasesOptions } from './client/files-port-cases.ts';
export { httpPortCases, type HttpPortCasesOptions } from './client/http-port-cases.ts';
export { httpScript, type ScriptAnswer, type ScriptRequest } from './client/http-script.ts';
export {
  recordsPortCases,
  type RecordsPair,
  type RecordsPortCasesOptions,
} from './client/records-port-cases.ts';
export type {
  DownloadRequestUnderTest,
  DownloadsUnderTest,
  FilesUnderTest,
  HeadUnderTest,
  HttpRequestUnderTest,
  HttpUnderTest,
  RecordsUnderTest,
} from './client/under-test.ts';
