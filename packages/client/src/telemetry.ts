export {
  createTelemetryQueue,
  type FlushResult,
  type PostJson,
  type TelemetryQueue,
  type TelemetryQueueOptions,
} from './telemetry/telemetry-queue.ts';
export { type TelemetryEvent, toTelemetryEvent } from './telemetry/to-telemetry-event.ts';
