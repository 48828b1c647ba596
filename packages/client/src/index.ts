export type { CheckResult } from './check-for-update.ts';
export {
  type Client,
  type ClientOptions,
  createClient,
  type UpdateOptions,
  type UpdateOutcome,
} from './client.ts';
export type { DeviceOptions } from './context.ts';
export type { DownloadedRelease, DownloadOptions } from './download-release.ts';
export type { ClientError, ClientErrorCode } from './error.ts';
export { clientError } from './error.ts';
export type { ClientEvent, DownloadProgress, PatchFallbackReason } from './events.ts';
export type { Health, HealthOptions, HealthReport, RolledBack } from './health.ts';
export { type AnswerReceiver, answerReceiver } from './http/answer-receiver.ts';
export { DEFAULT_NETWORK, type NetworkPolicy } from './http/with-retry.ts';
export { bundleFolder, LAUNCH_FILE, readInstalled } from './installed.ts';
export type { PatchDecoder } from './patch-decoder.ts';
export type {
  BootPort,
  BootSnapshot,
  ClientPorts,
  DownloadPort,
  DownloadRequest,
  EmbeddedPort,
  FilesPort,
  HttpHead,
  HttpPort,
  HttpRequest,
  HttpResponse,
  RecordsPort,
  StopSignal,
  TimerPort,
} from './ports.ts';
export type { InstallMode, InstallOptions } from './restart-control.ts';
